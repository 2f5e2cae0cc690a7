import {
  allRoutingRules,
  deleteRoutingRuleRow,
  insertRoutingRule,
  nextRulePosition,
  updateRoutingRuleRow,
} from '../../../db/queries/routing-rules.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { RoutingRule, RoutingRuleInput } from '../../wire/routing-rules.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { checkOrder } from '../routing/check-order.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { refuseTaken } from '../unique-name.ts'
import { presentRule, ruleOf } from './read-rules.ts'

const nameTaken = 'A rule of this name exists.'

/** Makes a rule, the last to run. @throws AppError 'conflict' when the name is taken or it can never work. */
export async function createRule(ctx: ServiceContext, viewer: Viewer, input: RoutingRuleInput): Promise<RoutingRule> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const row = { ...input, id: newId(), position: await nextRulePosition(tx), createdAt: at, updatedAt: at }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertRoutingRule(inner, row))
    noteChange(tx, viewer, { type: 'routing_rule.changed', at, subjectId: row.id })
    await publishConfiguration(tx, viewer, { at, note: `rule ${row.name}` })
    return ruleOf(tx, row.id)
  })
}

/** Replaces a rule; its place stays. @throws AppError as `createRule`; 'not_found'. */
export async function updateRule(ctx: ServiceContext, viewer: Viewer, id: string, input: RoutingRuleInput): Promise<RoutingRule> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const found = await refuseTaken(tx, 'name', nameTaken, (inner) => updateRoutingRuleRow(inner, id, { ...input, updatedAt: at }))
    if (!found) throw new AppError('not_found', 'There is no such rule.')
    noteChange(tx, viewer, { type: 'routing_rule.changed', at, subjectId: id })
    await publishConfiguration(tx, viewer, { at, note: `rule ${input.name}` })
    return ruleOf(tx, id)
  })
}

/** Puts the rules into an order. @throws AppError 'invalid_input' when it does not name each rule once. */
export async function orderRules(ctx: ServiceContext, viewer: Viewer, ids: readonly string[]): Promise<RoutingRule[]> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const rows = await allRoutingRules(tx)
    checkOrder(
      ids,
      rows.map((row) => row.id),
    )
    for (const [i, id] of ids.entries()) await updateRoutingRuleRow(tx, id, { position: i + 1, updatedAt: at })
    noteChange(tx, viewer, { type: 'routing_rule.changed', at, subjectId: 'order' })
    await publishConfiguration(tx, viewer, { at, note: 'order of the rules' })
    return (await allRoutingRules(tx)).map(presentRule)
  })
}

/** Removes a rule; what it has already classified stays as it is. @throws AppError 'not_found'. */
export async function deleteRule(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'routing.manage')
  await ctx.store.tx(async (tx) => {
    const { name } = await ruleOf(tx, id)
    const at = ctx.clock.now()
    await deleteRoutingRuleRow(tx, id)
    noteChange(tx, viewer, { type: 'routing_rule.changed', at, subjectId: id, data: { what: 'deleted' } })
    await publishConfiguration(tx, viewer, { at, note: `rule ${name} removed` })
  })
}
