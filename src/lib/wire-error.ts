import { z } from 'zod'
import type { Problem, WireError } from '../wire/errors.ts'
import { AppError, type ErrorDetails, errorKinds } from './errors.ts'

/** Titles of RFC 9457: the same for every error of a kind; `detail` tells the case. */
const titles: Readonly<Record<WireError['kind'], string>> = {
  invalid_input: 'Invalid input',
  unauthenticated: 'Not logged in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'Conflict',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  provider_rejected: 'The provider refused',
  provider_unavailable: 'The provider cannot be reached',
  unavailable: 'Not available now',
  bug: 'Internal error',
}

/** What callers see of a mistake of ours. */
const hiddenSentence = 'Something went wrong on our side. Tell your administrator the request id.'

type Field = { path: string; message: string }

/** Wrong fields of a validated value; `path` is dotted (`parts.0.text`), empty for the value as a whole. */
export function fieldsOf(error: z.ZodError, prefix = ''): Field[] {
  return error.issues.slice(0, 50).flatMap((issue) => {
    const path = [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.slice(0, 20).map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'is not known here' }))
    }
    return [{ path, message: issue.message }]
  })
}

/** An invalid value as the one error of the hub: the sentence names the first wrong field. */
export function invalidInput(fields: readonly Field[]): AppError {
  const first = fields[0]
  const where = first?.path ? `"${first.path}": ${first.message}` : (first?.message ?? 'it does not fit')
  return new AppError('invalid_input', `The input is not valid. ${where}`, { fields })
}

/**
 * Anything thrown, as sockets answer it. `details.code` and `details.fields` of an `AppError` become
 * its `code` and `fields`; the text of a `bug` and the details of everything unforeseen stay hidden.
 */
export function wireErrorOf(thrown: unknown, requestId?: string): WireError {
  const error = thrown instanceof z.ZodError ? invalidInput(fieldsOf(thrown)) : thrown
  const id = requestId === undefined ? {} : { requestId }
  if (!(error instanceof AppError) || error.kind === 'bug') return { kind: 'bug', code: 'bug', detail: hiddenSentence, ...id }
  const { code, fields, rest } = splitDetails(error.details)
  return {
    kind: error.kind,
    code: code ?? error.kind,
    detail: error.message,
    ...(fields === undefined ? {} : { fields }),
    ...(rest === undefined ? {} : { details: rest }),
    ...id,
  }
}

/** The same as `application/problem+json` (RFC 9457). */
export function problemOf(thrown: unknown, requestId: string): Problem {
  const { kind, code, detail, fields, details } = wireErrorOf(thrown, requestId)
  return {
    type: `urn:onequeue:error:${code}`,
    title: titles[kind],
    status: errorKinds[kind].status,
    detail,
    code,
    requestId,
    ...(fields === undefined ? {} : { fields }),
    ...(details === undefined ? {} : { details }),
  }
}

function splitDetails(details: ErrorDetails): { code?: string; fields?: Field[]; rest?: Record<string, unknown> } {
  const { code, fields, ...rest } = details
  const known = z.array(z.object({ path: z.string(), message: z.string() })).safeParse(fields)
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(known.success ? { fields: known.data } : {}),
    ...(Object.keys(rest).length > 0 ? { rest } : {}),
  }
}
