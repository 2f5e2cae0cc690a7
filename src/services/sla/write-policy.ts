import {
  allSlaPolicies,
  deleteSlaPolicyRow,
  insertSlaPolicy,
  nextPolicyPosition,
  updateSlaPolicyRow,
} from '../../../db/queries/sla-policies.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { SlaPolicy, SlaPolicyInput } from '../../wire/sla-policies.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { checkOrder } from '../routing/check-order.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { refuseTaken } from '../unique-name.ts'
import { policyOf, presentPolicy } from './read-policies.ts'
import { retimeClocksOfPolicy } from './retime-clocks.ts'

const nameTaken = 'A policy of this name exists.'

/** Makes a policy, the last to match. @throws AppError 'conflict' when the name is taken or it can never work. */
export async function createPolicy(ctx: ServiceContext, viewer: Viewer, input: SlaPolicyInput): Promise<SlaPolicy> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const row = { ...input, id: newId(), position: await nextPolicyPosition(tx), createdAt: at, updatedAt: at }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertSlaPolicy(inner, row))
    noteChange(tx, viewer, { type: 'sla_policy.changed', at, subjectId: row.id })
    await publishConfiguration(tx, viewer, { at, note: `SLA policy ${row.name}` })
    return policyOf(tx, row.id)
  })
}

/** Replaces a policy; deadlines it has set move with it. @throws AppError as `createPolicy`; 'not_found'. */
export async function updatePolicy(ctx: ServiceContext, viewer: Viewer, id: string, input: SlaPolicyInput): Promise<SlaPolicy> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const found = await refuseTaken(tx, 'name', nameTaken, (inner) => updateSlaPolicyRow(inner, id, { ...input, updatedAt: at }))
    if (!found) throw new AppError('not_found', 'There is no such policy.')
    noteChange(tx, viewer, { type: 'sla_policy.changed', at, subjectId: id })
    await publishConfiguration(tx, viewer, { at, note: `SLA policy ${input.name}` })
    await retimeClocksOfPolicy(tx, id, at)
    return policyOf(tx, id)
  })
}

/** Puts the policies into an order; it counts for what begins from now on. @throws AppError 'invalid_input' when it does not name each once. */
export async function orderPolicies(ctx: ServiceContext, viewer: Viewer, ids: readonly string[]): Promise<SlaPolicy[]> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const rows = await allSlaPolicies(tx)
    checkOrder(
      ids,
      rows.map((row) => row.id),
    )
    for (const [i, id] of ids.entries()) await updateSlaPolicyRow(tx, id, { position: i + 1, updatedAt: at })
    noteChange(tx, viewer, { type: 'sla_policy.changed', at, subjectId: 'order' })
    await publishConfiguration(tx, viewer, { at, note: 'order of the SLA policies' })
    return (await allSlaPolicies(tx)).map(presentPolicy)
  })
}

/** Removes a policy; promises already given under it stay. @throws AppError 'not_found'. */
export async function deletePolicy(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'routing.manage')
  await ctx.store.tx(async (tx) => {
    const { name } = await policyOf(tx, id)
    const at = ctx.clock.now()
    await deleteSlaPolicyRow(tx, id)
    noteChange(tx, viewer, { type: 'sla_policy.changed', at, subjectId: id, data: { what: 'deleted' } })
    await publishConfiguration(tx, viewer, { at, note: `SLA policy ${name} removed` })
  })
}
