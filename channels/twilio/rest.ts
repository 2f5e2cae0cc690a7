import type { Twilio } from 'twilio'
import { AppError } from '../../src/lib/errors.ts'
import { retryAfterMs } from '../../src/lib/retry.ts'
import type { ChannelKit } from '../contract.ts'
import { credentialsOf, type TwilioAccount } from './account.ts'

/** How a call ended. */
export type RestOutcome<T> =
  | { readonly outcome: 'done'; readonly value: T }
  /** Twilio said no; `code` is its own, 0 where it gave none. */
  | {
      readonly outcome: 'refused'
      readonly status: number
      readonly code: number
      readonly message: string
      readonly requestId: string | undefined
      readonly retryAfterMs: number | undefined
    }
  /** It never left: trying again can do no harm. */
  | { readonly outcome: 'unsent'; readonly detail: string; readonly permanent: boolean; readonly afterMs?: number }
  /** It left, and no answer came that can be read. */
  | { readonly outcome: 'unknown'; readonly detail: string }

/** Calls of the REST API. */
export interface TwilioRest {
  /** Runs one call of the SDK's client. Never throws: what goes wrong is an outcome. */
  call<T>(signal: AbortSignal, run: (client: Twilio) => Promise<T>): Promise<RestOutcome<T>>
}

/** Time for one call. */
const callTimeoutMs = 10_000

/** Pauses after "too many requests" where Twilio does not say how long. Source: Twilio error 20429. */
const firstPauseMs = 1_000
const longestPauseMs = 60_000

/** What the platform answered, kept beside the SDK, which forgets headers. */
interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** A failure of the way to Twilio, handed through the SDK. */
class Unanswered extends Error {
  readonly failure: Extract<RestOutcome<never>, { outcome: 'unsent' | 'unknown' }>
  constructor(failure: Unanswered['failure']) {
    super(failure.detail)
    this.failure = failure
  }
}

/**
 * Speaks to Twilio by its SDK over the kit's `fetch`. The SDK is loaded at the first call. After "too many requests"
 * nothing leaves until the pause is over.
 */
export function createRest(config: TwilioAccount, kit: Pick<ChannelKit, 'fetch' | 'now'>): TwilioRest {
  let pausedUntil = 0
  let refusals = 0
  const pause = (afterMs: number | undefined): void => {
    refusals += 1
    pausedUntil = kit.now() + (afterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (refusals - 1)))
  }
  return {
    call: async (signal, run) => {
      if (signal.aborted) return { outcome: 'unsent', detail: 'The call was given up before it began.', permanent: false }
      const waitMs = pausedUntil - kit.now()
      if (waitMs > 0) return { outcome: 'unsent', detail: 'Twilio asks to send more slowly.', permanent: false, afterMs: waitMs }
      const seen: { answer?: Answer } = {}
      const client = await clientOf(config, kit.fetch, signal, seen)
      try {
        const value = await run(client)
        refusals = 0
        return { outcome: 'done', value }
      } catch (error) {
        const outcome = outcomeOf(error, seen.answer, kit.now())
        if (outcome.outcome === 'refused' && (outcome.status === 429 || outcome.code === 20429)) pause(outcome.retryAfterMs)
        return outcome
      }
    },
  }
}

/** A client for one call: the SDK hands no signal through, so each call brings its own. */
async function clientOf(
  config: TwilioAccount,
  fetch: ChannelKit['fetch'],
  signal: AbortSignal,
  seen: { answer?: Answer },
): Promise<Twilio> {
  const { default: sdk } = await import('twilio')
  const { username, password } = credentialsOf(config)
  const http = new sdk.RequestClient()
  http.request = (async (options: HttpOptions) => {
    const answer = await exchange(fetch, options, signal)
    seen.answer = answer
    return { statusCode: answer.status, body: answer.text, headers: Object.fromEntries(answer.headers) }
  }) as unknown as typeof http.request
  // Left to themselves these two would come from the environment and rewrite the configured address.
  const client = new sdk.Twilio(username, password, { accountSid: config.accountSid, httpClient: http, region: '', edge: '' })
  client.api.baseUrl = config.apiBaseUrl
  return client
}

interface HttpOptions {
  readonly method: string
  readonly uri: string
  readonly username?: string
  readonly password?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly params?: object
  readonly data?: object
}

async function exchange(fetch: ChannelKit['fetch'], options: HttpOptions, signal: AbortSignal): Promise<Answer> {
  const timeout = AbortSignal.timeout(callTimeoutMs)
  const url = new URL(options.uri)
  for (const [name, value] of pairsOf(options.params)) url.searchParams.append(name, value)
  const method = options.method.toUpperCase()
  const basic = Buffer.from(`${options.username ?? ''}:${options.password ?? ''}`).toString('base64')
  try {
    const response = await fetch(url, {
      method,
      headers: { ...options.headers, authorization: `Basic ${basic}` },
      ...(method === 'POST' && { body: new URLSearchParams(pairsOf(options.data)).toString() }),
      signal: AbortSignal.any([signal, timeout]),
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  } catch (error) {
    throw new Unanswered(failureOf(error, timeout.aborted))
  }
}

/** Names and values of a form; a list is its name several times. */
function pairsOf(data: object = {}): [string, string][] {
  return Object.entries(data).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined).map((one): [string, string] => [name, String(one)]),
  )
}

/** Errors raised before a request could leave: name resolution, connection, certificate. */
const unsentCodes =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID)$/

function failureOf(error: unknown, timedOut: boolean): Unanswered['failure'] {
  if (error instanceof AppError && error.kind === 'invalid_input') return { outcome: 'unsent', detail: error.message, permanent: true }
  const detail = timedOut ? `Twilio did not answer within ${callTimeoutMs / 1000} seconds.` : 'The connection to Twilio failed.'
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && unsentCodes.test(cause.code))
      return { outcome: 'unsent', detail, permanent: false }
  }
  return { outcome: 'unknown', detail }
}

function outcomeOf(error: unknown, answer: Answer | undefined, now: number): Exclude<RestOutcome<never>, { outcome: 'done' }> {
  if (error instanceof Unanswered) return error.failure
  // A success whose body cannot be read was taken all the same; which message it became is not known.
  if (answer === undefined || answer.status < 400) return { outcome: 'unknown', detail: 'The answer of Twilio could not be read.' }
  const { code, message } = wordsOf(answer.text)
  const afterMs = retryAfterMs(answer.headers.get('retry-after'), now)
  return {
    outcome: 'refused',
    status: answer.status,
    code,
    message: message.slice(0, 1_000) || `HTTP status ${answer.status}`,
    requestId: answer.headers.get('twilio-request-id') ?? undefined,
    retryAfterMs: afterMs > 0 ? afterMs : undefined,
  }
}

function wordsOf(text: string): { code: number; message: string } {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return { code: 0, message: '' }
    return {
      code: 'code' in body && typeof body.code === 'number' ? body.code : 0,
      message: 'message' in body && typeof body.message === 'string' ? body.message : '',
    }
  } catch {
    return { code: 0, message: '' }
  }
}
