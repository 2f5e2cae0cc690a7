import { allSlaPolicies, type SlaPolicyRow, slaPolicyById } from '../../../db/queries/sla-policies.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { type SlaPolicy, slaSettingsSchema } from '../../wire/sla-policies.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** All SLA policies in the order in which they match. */
export async function listPolicies(ctx: ServiceContext, viewer: Viewer): Promise<SlaPolicy[]> {
  require(viewer, 'routing.manage')
  return (await allSlaPolicies(ctx.store)).map(presentPolicy)
}

/** One policy for a caller that has asked for leave. @throws AppError 'not_found'. */
export async function policyOf(on: Store | Tx, id: string): Promise<SlaPolicy> {
  const row = await slaPolicyById(on, id)
  if (row === null) throw new AppError('not_found', 'There is no such policy.')
  return presentPolicy(row)
}

/** A policy as it is stored, with defaults for what an older version did not store. */
export function presentPolicy({ id, name, enabled, position, settings, updatedAt }: SlaPolicyRow): SlaPolicy {
  return { id, name, enabled, position, settings: slaSettingsSchema.parse(settings), updatedAt }
}
