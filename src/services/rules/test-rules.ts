import { allCalendars } from '../../../db/queries/calendars.ts'
import { allRoutingRules } from '../../../db/queries/routing-rules.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { openStateAt } from '../../core/calendars/work-time.ts'
import { classify } from '../../core/classification/classify.ts'
import type { Classification, RuleTrial } from '../../wire/routing-rules.ts'
import { require } from '../access/require.ts'
import { openHours } from '../calendars/open-hours-of.ts'
import type { ServiceContext } from '../context.ts'
import { queueOf } from '../queues/read-queues.ts'

/**
 * Where something that comes in would go, and because of which rules; nothing is changed.
 * @throws AppError 'forbidden'; 'not_found' for a queue that does not exist.
 */
export async function testRules(ctx: ServiceContext, viewer: Viewer, { facts, at, rules }: RuleTrial): Promise<Classification> {
  require(viewer, 'routing.manage')
  const { settings } = await queueOf(ctx.store, facts.queueId)
  const now = at ?? ctx.clock.now()
  const open = new Map((await allCalendars(ctx.store)).map((row) => [row.id, openStateAt(openHours(row.settings), now).open]))
  const tried = rules ?? (await allRoutingRules(ctx.store))
  return classify(tried, facts, (calendarId) => open.get(calendarId), { required: settings.requiredSkills })
}
