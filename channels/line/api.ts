import { AppError } from '../../src/lib/errors.ts'
import { retryAfterMs } from '../../src/lib/retry.ts'
import type { ChannelKit } from '../contract.ts'
import type { LineConfig } from './config.ts'
import { createPace } from './pace.ts'
import { createTokens, type TokenAnswer } from './tokens.ts'

/** One call of the platform's HTTP interface. */
export interface LineCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `data` for content; `api` when left out. */
  readonly host?: 'api' | 'data'
  /** Path on the origin, with its leading slash; ids in it have been checked. */
  readonly path: string
  readonly json?: object
  /** UUID; only push takes one, every other call answers 400 to it. */
  readonly retryKey?: string
  readonly signal: AbortSignal
}

/** How a call ended. */
export type LineAnswer =
  | {
      readonly outcome: 'answered'
      readonly status: number
      /** The JSON body; null when there is none. */
      readonly body: unknown
      /** `x-line-request-id`, by which the platform finds the call. */
      readonly requestId: string | undefined
      /** Request that was accepted first under the retry key, with status 409. */
      readonly acceptedRequestId: string | undefined
      readonly retryAfterMs: number | undefined
    }
  /** It never left: trying again can do no harm. */
  | { readonly outcome: 'unsent'; readonly detail: string; readonly permanent: boolean; readonly afterMs?: number }
  /** It left, and no answer came. */
  | { readonly outcome: 'unknown'; readonly detail: string }

/** Time for one call. The platform usually answers within one second. */
const callTimeoutMs = 8_000

/** The platform's HTTP interface of one account. */
export interface LineApi {
  /** Never throws: what goes wrong is an outcome. */
  call(call: LineCall): Promise<LineAnswer>
  /**
   * Opens a download without a time limit of its own.
   * @param url address outside the platform; the access token stays here then.
   * @throws what `fetch` throws.
   */
  open(target: { readonly path: string } | { readonly url: string }, signal: AbortSignal): Promise<Response>
}

/**
 * Speaks to the platform through the kit's `fetch`, with a token that is good, within the account's rate limits. The SDK's
 * client is not used: it takes no `fetch`, has no time limits, and a broken download ends the process.
 */
export function createLineApi(config: LineConfig, kit: ChannelKit): LineApi {
  const tokens = createTokens(config, kit)
  const pace = createPace()
  const once = async (call: LineCall, token: string): Promise<LineAnswer> => {
    const waitMs = pace.take(call.path, kit.now())
    if (waitMs > 0) return { outcome: 'unsent', detail: 'LINE asks to send more slowly.', permanent: false, afterMs: waitMs }
    const answer = await exchange(config, kit, call, token)
    if (answer.outcome === 'answered') pace.answered(isHaste(answer), kit.now(), answer.retryAfterMs)
    return answer
  }
  return {
    call: async (call) => {
      if (call.signal.aborted) return { outcome: 'unsent', detail: 'The call was given up before it began.', permanent: false }
      const first = await tokens.get(call.signal)
      if (first.outcome !== 'token') return withoutToken(first)
      const answer = await once(call, first.token)
      // A refused token means that nothing was done, so the call may be made again with a new one.
      if (answer.outcome !== 'answered' || answer.status !== 401 || !tokens.drop(first.token)) return answer
      const second = await tokens.get(call.signal)
      return second.outcome === 'token' ? once(call, second.token) : withoutToken(second)
    },
    open: async (target, signal) => {
      if ('url' in target) return kit.fetch(target.url, { signal })
      const token = await tokens.get(signal)
      if (token.outcome !== 'token') throw new AppError('provider_unavailable', 'LINE gives no access token.')
      return kit.fetch(`${config.apiDataBaseUrl}${target.path}`, { headers: { authorization: `Bearer ${token.token}` }, signal })
    },
  }
}

/** What a missing token means to the call that needs it: refused credentials read like a refused token. */
function withoutToken(answer: Exclude<TokenAnswer, { outcome: 'token' }>): LineAnswer {
  if (answer.outcome === 'unreachable') return { outcome: 'unsent', detail: 'LINE gives no access token at the moment.', permanent: false }
  const body = { message: answer.words }
  return { outcome: 'answered', status: 401, body, requestId: undefined, acceptedRequestId: undefined, retryAfterMs: undefined }
}

/** "Too many requests" about speed; the same status about the month is another matter. */
function isHaste(answer: Extract<LineAnswer, { outcome: 'answered' }>): boolean {
  return answer.status === 429 && !/monthly limit/i.test(JSON.stringify(answer.body))
}

async function exchange(config: LineConfig, kit: ChannelKit, call: LineCall, token: string): Promise<LineAnswer> {
  const timeout = AbortSignal.timeout(callTimeoutMs)
  try {
    const response = await kit.fetch(`${call.host === 'data' ? config.apiDataBaseUrl : config.apiBaseUrl}${call.path}`, {
      method: call.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(call.json && { 'content-type': 'application/json' }),
        ...(call.retryKey !== undefined && { 'x-line-retry-key': call.retryKey }),
      },
      ...(call.json && { body: JSON.stringify(call.json) }),
      signal: AbortSignal.any([call.signal, timeout]),
    })
    return await readAnswer(response, kit.now())
  } catch (error) {
    return outcomeOf(error, timeout.aborted)
  }
}

async function readAnswer(response: Response, now: number): Promise<LineAnswer> {
  const afterMs = retryAfterMs(response.headers.get('retry-after'), now)
  return {
    outcome: 'answered',
    status: response.status,
    body: await readJson(response),
    requestId: response.headers.get('x-line-request-id') ?? undefined,
    acceptedRequestId: response.headers.get('x-line-accepted-request-id') ?? undefined,
    retryAfterMs: afterMs > 0 ? afterMs : undefined,
  }
}

/** The status has decided already, so a body that breaks off or is no JSON costs its details only. */
async function readJson(response: Response): Promise<unknown> {
  try {
    const text = await response.text()
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** Errors raised before a request could leave: name resolution, connection, certificate. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

function outcomeOf(error: unknown, timedOut: boolean): LineAnswer {
  if (error instanceof AppError && error.kind === 'invalid_input') return { outcome: 'unsent', detail: error.message, permanent: true }
  const detail = timedOut ? `LINE did not answer within ${callTimeoutMs / 1000} seconds.` : 'The connection to LINE failed.'
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && unsentCodes.has(cause.code))
      return { outcome: 'unsent', detail, permanent: false }
  }
  return { outcome: 'unknown', detail }
}
