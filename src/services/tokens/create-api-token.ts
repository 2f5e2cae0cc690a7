import { type ApiTokenRow, insertApiToken } from '../../../db/queries/api-tokens.ts'
import { permissions as known } from '../../core/access/permissions.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { hashToken, newToken } from '../../lib/secrets.ts'
import { presentApiToken } from '../../present/log-ins.ts'
import type { ApiTokenInput, NewApiToken } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'

/**
 * Makes an API token for an agent; it acts as them, within `input.permissions`. For the command line
 * too, which answers for itself who may.
 * @throws AppError 'invalid_input' for a permission that does not exist.
 */
export async function createApiToken(ctx: ServiceContext, agentId: string, input: ApiTokenInput): Promise<NewApiToken> {
  checkPermissionNames(input.permissions)
  const now = ctx.clock.now()
  const token = newToken('oqt')
  const row: ApiTokenRow = {
    id: newId(),
    name: input.name,
    agentId,
    tokenHash: hashToken(token),
    hint: `${token.slice(0, 8)}…`,
    permissions: [...new Set(input.permissions)],
    createdAt: now,
    lastUsedAt: null,
    expiresAt: input.expiresInDays === undefined ? null : now + input.expiresInDays * 86_400_000,
    revokedAt: null,
  }
  await ctx.store.tx((tx) => insertApiToken(tx, row))
  return { token, apiToken: presentApiToken(row) }
}

/**
 * Refuses names that are no permission.
 * @throws AppError 'invalid_input' with the place of the first wrong one.
 */
export function checkPermissionNames(names: readonly string[]): void {
  const all: ReadonlySet<string> = new Set(['*', ...known])
  const wrong = names.flatMap((name, index) =>
    all.has(name) ? [] : [{ path: `permissions.${index}`, message: `"${name}" is no permission` }],
  )
  if (wrong.length > 0) throw new AppError('invalid_input', 'The list of permissions holds names that are none.', { fields: wrong })
}
