import type { ErrorKind } from '../wire/errors.ts'

/** What each kind means to HTTP, to operators and to whoever may try again. */
export interface ErrorKindFacts {
  readonly status: number
  /** Whether an operator should hear of it. */
  readonly reported: boolean
  /** Whether the same work may be tried again without a person acting. */
  readonly retried: boolean
}

/** The one table of error kinds. Everything that is not an `AppError` is a `bug`. */
export const errorKinds: Readonly<Record<ErrorKind, ErrorKindFacts>> = {
  invalid_input: { status: 400, reported: false, retried: false },
  unauthenticated: { status: 401, reported: false, retried: false },
  forbidden: { status: 403, reported: false, retried: false },
  not_found: { status: 404, reported: false, retried: false },
  conflict: { status: 409, reported: false, retried: false },
  too_large: { status: 413, reported: false, retried: false },
  rate_limited: { status: 429, reported: false, retried: true },
  provider_rejected: { status: 502, reported: false, retried: false },
  provider_unavailable: { status: 503, reported: false, retried: true },
  unavailable: { status: 503, reported: true, retried: true },
  bug: { status: 500, reported: true, retried: false },
}

/** Facts about one error that may be shown to the caller; never secrets or message text. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * The one error class. `message` is a sentence for the person who can act: what happened, to which
 * thing, what to do. It reaches the caller as it stands, except for `bug`, whose text is hidden.
 */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, sentence: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(sentence, options)
    this.name = 'AppError'
    this.kind = kind
    this.details = details
  }
}

/** The kind of anything thrown; foreign errors are bugs. */
export function kindOf(error: unknown): ErrorKind {
  return error instanceof AppError ? error.kind : 'bug'
}
