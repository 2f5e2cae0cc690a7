import type { WireError } from '../../../../../../src/wire/errors.ts'

/** The server refused, or could not be reached. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** `unreachable`: there was no answer; whether the request was taken is not known. */
  readonly kind: WireError['kind'] | 'unreachable'
  readonly code: string
  /** What to wait before trying again, milliseconds; null when the server did not say. */
  readonly retryAfterMs: number | null

  constructor(kind: Failure['kind'], code: string, retryAfterMs: number | null = null) {
    super(code)
    this.kind = kind
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** No answer came. */
export function unreachable(): Failure {
  return new Failure('unreachable', 'unreachable')
}

/** A refusal: a socket's error names its kind, a problem document leaves it to the status. */
export function failureOf(error: unknown, status = 500): Failure {
  const { kind, code, details } = (typeof error === 'object' && error !== null ? error : {}) as Partial<WireError>
  const retryAfterMs = details?.['retryAfterMs']
  return new Failure(kind ?? kindOfStatus(status), code ?? 'unknown', typeof retryAfterMs === 'number' ? retryAfterMs : null)
}

function kindOfStatus(status: number): Failure['kind'] {
  const kinds: Readonly<Record<number, Failure['kind']>> = {
    400: 'invalid_input',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    413: 'too_large',
    429: 'rate_limited',
  }
  return kinds[status] ?? (status >= 500 ? 'unavailable' : 'bug')
}

/** Whether the same request may be tried again by itself. */
export function isPassing(failure: Failure): boolean {
  return failure.kind === 'unreachable' || failure.kind === 'rate_limited' || failure.kind === 'unavailable' || failure.kind === 'bug'
}
