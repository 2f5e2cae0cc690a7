import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi'
import { errorKinds } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'
import { type ErrorKind, problemSchema } from '../wire/errors.ts'
import type { Route } from './route.ts'
import { isIdempotent } from './serve-route.ts'

const meanings: Readonly<Record<ErrorKind, string>> = {
  invalid_input: 'Something in the request does not fit; `fields` names it.',
  unauthenticated: 'Nobody is logged in, or the proof is not good.',
  forbidden: 'The caller may not do this, or the write carries no CSRF token.',
  not_found: 'There is no such thing, or the caller may not know of it.',
  conflict: 'The thing is not in a state that allows this; `code` names the case.',
  too_large: 'The body is too large.',
  rate_limited: 'Too many requests; see `Retry-After`.',
  provider_rejected: 'The provider refused.',
  provider_unavailable: 'The provider cannot be reached now.',
  unavailable: 'The hub cannot do this now; the same request may be tried again.',
  bug: 'A mistake of ours; the request id names it in the log.',
}

const keyHeader = z.object({
  'Idempotency-Key': z.string().min(8).max(200).optional().meta({
    description: 'Marks repeats of this write: they get the first answer. Kept for 24 hours.',
    example: '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69',
  }),
})

/** The API as an OpenAPI 3.1 document, from the very schemas the server validates with. */
export function createApiDocument(routes: readonly Route[], publicUrl: string): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Onequeue',
      version: packageVersion(),
      description:
        'Lists are paged by `cursor`: take `nextCursor` of one page for the next. Instants are epoch milliseconds. Errors are `application/problem+json`. ' +
        'A browser logs in with `POST /api/v1/session` and sends `X-CSRF-Token` with its writes; a program sends `Authorization: Bearer <API token>`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'onequeue_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  })
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const params = route.params instanceof z.ZodObject ? route.params : undefined
  const query = route.query instanceof z.ZodObject ? route.query : undefined
  const body = route.raw?.consumes ?? (route.body === undefined ? undefined : { mime: 'application/json', schema: route.body })
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [...route.tags],
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.permission === 'public' ? { security: [] } : { security: [{ session: [] }, { token: [] }] }),
    'x-permission': route.permission,
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(isIdempotent(route) ? { header: keyHeader } : {}),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { [body.mime]: { schema: body.schema, ...exampleOf(route) } } } }),
    responses: responsesOf(route),
  }
}

function exampleOf({ example }: Route): { example?: Readonly<Record<string, unknown>> } {
  return example === undefined ? {} : { example }
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const status = route.status ?? (route.output === null && route.raw?.produces === undefined ? 204 : 200)
  const responses: ZodOpenApiResponsesObject = { [`${status}`]: successOf(route) }
  const kinds = new Map<number, ErrorKind[]>()
  for (const kind of kindsOf(route)) kinds.set(errorKinds[kind].status, [...(kinds.get(errorKinds[kind].status) ?? []), kind])
  for (const [code, list] of [...kinds].toSorted(([a], [b]) => a - b)) {
    responses[`${code}` as `${1 | 2 | 3 | 4 | 5}${string}`] = {
      description: list.map((kind) => meanings[kind]).join(' '),
      content: { 'application/problem+json': { schema: problemSchema } },
    }
  }
  return responses
}

function successOf(route: Route): { description: string; content?: Record<string, { schema: z.ZodType }> } {
  if (route.output !== null) return { description: 'Done.', content: { 'application/json': { schema: route.output } } }
  const { produces } = route.raw ?? {}
  if (produces === undefined) return { description: 'Done; no content.' }
  return { description: 'The bytes.', content: { [produces]: { schema: z.string().meta({ format: 'binary' }) } } }
}

function kindsOf(route: Route): ReadonlySet<ErrorKind> {
  const kinds = new Set<ErrorKind>([...(route.errors ?? []), 'rate_limited', 'unavailable', 'bug'])
  if (route.permission !== 'public') kinds.add('unauthenticated').add('forbidden')
  if (route.params !== undefined) kinds.add('not_found')
  if (route.query !== undefined || route.body !== undefined) kinds.add('invalid_input')
  if (route.body !== undefined) kinds.add('too_large')
  if (isIdempotent(route)) kinds.add('conflict')
  return kinds
}

/** `GET /api/v1/agents/:id/links` → `getAgentsByIdLinks`: stable, so that generated clients keep their names. */
function operationId({ method, path }: Route): string {
  const words = path.replace('/api/v1/', '').split('/')
  return (
    method + words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : word.split('-').map(capital).join(''))).join('')
  )
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function packageVersion(): string {
  const manifest = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')))
  return manifest.version
}
