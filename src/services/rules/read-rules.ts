import { allRoutingRules, type RoutingRuleRow, routingRuleById } from '../../../db/queries/routing-rules.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { RoutingRule } from '../../wire/routing-rules.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** All rules of entry in the order in which they run. */
export async function listRules(ctx: ServiceContext, viewer: Viewer): Promise<RoutingRule[]> {
  require(viewer, 'routing.manage')
  return (await allRoutingRules(ctx.store)).map(presentRule)
}

/** One rule for a caller that has asked for leave. @throws AppError 'not_found'. */
export async function ruleOf(on: Store | Tx, id: string): Promise<RoutingRule> {
  const row = await routingRuleById(on, id)
  if (row === null) throw new AppError('not_found', 'There is no such rule.')
  return presentRule(row)
}

/** A rule as it is stored, in the wire's form. */
export function presentRule({ id, name, enabled, position, when, effect, stop, updatedAt }: RoutingRuleRow): RoutingRule {
  return { id, name, enabled, position, when, effect, stop, updatedAt }
}
