import type { ErrorKind, Problem, WireError } from '../../../src/wire/errors.ts'

const kindByStatus: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  422: 'invalid_input',
  429: 'rate_limited',
  502: 'provider_rejected',
  503: 'unavailable',
}

/**
 * What the hub answered instead of what was asked for, the same for HTTP and sockets.
 * `code` is `offline` when no answer came at all.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly kind: ErrorKind
  readonly code: string
  readonly fields: readonly { path: string; message: string }[]
  readonly details: Readonly<Record<string, unknown>>
  readonly requestId: string | null

  constructor(error: WireError) {
    super(error.detail)
    this.kind = error.kind
    this.code = error.code
    this.fields = error.fields ?? []
    this.details = error.details ?? {}
    this.requestId = error.requestId ?? null
  }

  /** From `application/problem+json`. */
  static fromProblem(problem: Partial<Problem>, status: number): ApiError {
    const kind = kindByStatus[status] ?? 'bug'
    return new ApiError({
      kind,
      code: problem.code ?? kind,
      detail: problem.detail ?? problem.title ?? `HTTP ${status}`,
      ...(problem.fields ? { fields: problem.fields } : {}),
      ...(problem.details ? { details: problem.details } : {}),
      ...(problem.requestId ? { requestId: problem.requestId } : {}),
    })
  }

  /** The hub did not answer. */
  static offline(): ApiError {
    return new ApiError({ kind: 'unavailable', code: 'offline', detail: 'The server did not answer.' })
  }
}

/** True when asking again later may succeed without anybody changing anything. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ApiError && (error.kind === 'unavailable' || error.kind === 'provider_unavailable' || error.kind === 'rate_limited')
  )
}
