import { AppError } from '../../src/lib/errors.ts'
import { retryAfterMs } from '../../src/lib/retry.ts'
import type { ChannelKit } from '../contract.ts'
import type { LineConfig } from './config.ts'

/** One call of the platform's HTTP interface. */
export interface LineCall {
  readonly method: 'GET' | 'POST'
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
  | { readonly outcome: 'unsent'; readonly detail: string; readonly permanent: boolean }
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
 * Speaks to the platform through the kit's `fetch`. The SDK's client is not used: it takes no `fetch`, has no time
 * limits, and a broken download ends the process.
 */
export function createLineApi(config: LineConfig, kit: ChannelKit): LineApi {
  const authorization = `Bearer ${config.channelAccessToken}`
  return {
    call: async (call) => {
      const timeout = AbortSignal.timeout(callTimeoutMs)
      const signal = AbortSignal.any([call.signal, timeout])
      if (signal.aborted) return { outcome: 'unsent', detail: 'The call was given up before it began.', permanent: false }
      try {
        const response = await kit.fetch(`${config.apiBaseUrl}${call.path}`, {
          method: call.method,
          headers: {
            authorization,
            ...(call.json && { 'content-type': 'application/json' }),
            ...(call.retryKey !== undefined && { 'x-line-retry-key': call.retryKey }),
          },
          ...(call.json && { body: JSON.stringify(call.json) }),
          signal,
        })
        return await readAnswer(response, kit.now())
      } catch (error) {
        return outcomeOf(error, timeout.aborted)
      }
    },
    open: (target, signal) =>
      'url' in target
        ? kit.fetch(target.url, { signal })
        : kit.fetch(`${config.apiDataBaseUrl}${target.path}`, { headers: { authorization }, signal }),
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
