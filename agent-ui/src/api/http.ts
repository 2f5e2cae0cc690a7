import type { Problem } from '../../../src/wire/errors.ts'
import { ApiError } from './api-error.ts'

type Query = Readonly<Record<string, string | number | undefined>>

interface Request {
  readonly query?: Query
  readonly body?: unknown
  readonly signal?: AbortSignal
  /** Asks without the cookie, as nobody. */
  readonly anonymous?: boolean
}

let csrfToken: string | null = null
let onUnauthenticated: () => void = () => {}

/** Keeps the token every write made with the cookie carries; null after log-out. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token
}

/** The headers a write needs beside its body. */
export function writeHeaders(): Record<string, string> {
  return csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken }
}

/** Names what happens when the hub says that the log-in has ended. */
export function whenUnauthenticated(act: () => void): void {
  onUnauthenticated = act
}

/** An address below `/api/v1` with its query. */
export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `/api/v1${path}${search.size > 0 ? `?${search.toString()}` : ''}`
}

async function readProblem(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>
  return ApiError.fromProblem(problem, answer.status)
}

async function ask<T>(method: string, path: string, { query, body, signal, anonymous = false }: Request): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') Object.assign(headers, writeHeaders())
  const answer = await fetch(apiUrl(path, query), {
    method,
    headers,
    credentials: anonymous ? 'omit' : 'same-origin',
    ...(body !== undefined ? { body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw ApiError.offline()
  })
  if (!answer.ok) {
    const error = await readProblem(answer)
    if (error.kind === 'unauthenticated' && path !== '/session') onUnauthenticated()
    throw error
  }
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

/**
 * The hub's HTTP API. Answers are typed by the caller from `src/wire`.
 * @throws ApiError for every answer that is not a success, and when none came
 */
export const http = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    ask<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }),
  post: <T>(path: string, body?: unknown): Promise<T> => ask<T>('POST', path, { body: body ?? {} }),
  /** For links that work for whoever holds them, also in a browser where somebody is logged in. */
  postAsNobody: <T>(path: string, body: unknown): Promise<T> => ask<T>('POST', path, { body, anonymous: true }),
  put: <T>(path: string, body: unknown): Promise<T> => ask<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown): Promise<T> => ask<T>('PATCH', path, { body }),
  delete: <T>(path: string, body?: unknown): Promise<T> => ask<T>('DELETE', path, { body }),
}
