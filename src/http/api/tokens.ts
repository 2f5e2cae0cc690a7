import { z } from 'zod'
import { requireSession } from '../../services/access/require-session.ts'
import { consumeLink, inspectLink } from '../../services/access/use-link.ts'
import { createApiToken } from '../../services/tokens/create-api-token.ts'
import { listApiTokens } from '../../services/tokens/list-api-tokens.ts'
import { revokeApiToken } from '../../services/tokens/revoke-api-token.ts'
import { apiTokenInputSchema, apiTokenSchema, linkInspectSchema, linkSchema, linkUseSchema, newApiTokenSchema } from '../../wire/access.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { type Route, route } from '../route.ts'

/** API tokens, and links that work once. */
export const tokenRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/tokens',
    permission: 'token.manage',
    tags: ['Session'],
    summary: 'Your API tokens',
    output: listOf(apiTokenSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listApiTokens(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/tokens',
    permission: 'token.manage',
    tags: ['Session'],
    summary: 'Make an API token',
    description: 'It acts as you, within its permissions. The token itself is in this answer and nowhere else.',
    body: apiTokenInputSchema,
    example: { name: 'Nightly export', permissions: ['conversation.read'], expiresInDays: 90 },
    output: newApiTokenSchema,
    status: 201,
    handler: ({ ctx, auth, body }) => {
      requireSession(auth)
      return createApiToken(ctx, auth.viewer.agentId, body)
    },
  }),
  route({
    method: 'delete',
    path: '/api/v1/tokens/:id',
    permission: 'token.manage',
    tags: ['Session'],
    summary: 'Revoke one of your API tokens',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => revokeApiToken(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/links/inspect',
    permission: 'public',
    tags: ['Session'],
    summary: 'What a one-time link is for',
    description: 'The token travels in the body, so that no log keeps it.',
    body: linkInspectSchema,
    example: { token: 'oql_Zm9yIHRoZSBwYWdlcyBvbmx5LCBub3Qgb25lIG9mIG91cnM' },
    output: linkSchema,
    errors: ['not_found'],
    handler: ({ ctx, body }) => inspectLink(ctx, body.token),
  }),
  route({
    method: 'post',
    path: '/api/v1/links/use',
    permission: 'public',
    tags: ['Session'],
    summary: 'Use a one-time link: set up the first administrator, or choose a password',
    body: linkUseSchema,
    example: { token: 'oql_Zm9yIHRoZSBwYWdlcyBvbmx5LCBub3Qgb25lIG9mIG91cnM', password: 'correct horse battery staple' },
    output: z.object({ email: z.string() }),
    errors: ['not_found', 'conflict'],
    handler: ({ ctx, body }) => consumeLink(ctx, body),
  }),
]
