import type { Route } from '../route.ts'
import { agentRoutes } from './agents.ts'
import { calendarRoutes } from './calendars.ts'
import { contactRoutes } from './contacts.ts'
import { conversationRoutes } from './conversations.ts'
import { customerLinkRoutes } from './customer-links.ts'
import { deliveryRoutes } from './deliveries.ts'
import { fileRoutes } from './files.ts'
import { groupRoutes } from './groups.ts'
import { inboxRoutes } from './inboxes.ts'
import { liveStateRoutes } from './live-state.ts'
import { mailRoutes } from './mails.ts'
import { metricRoutes } from './metrics.ts'
import { offerRoutes } from './offers.ts'
import { queueRoutes } from './queues.ts'
import { roleRoutes } from './roles.ts'
import { routingRoutes } from './routing.ts'
import { routingRuleRoutes } from './routing-rules.ts'
import { searchRoutes } from './search.ts'
import { sessionRoutes } from './session.ts'
import { slaPolicyRoutes } from './sla-policies.ts'
import { tokenRoutes } from './tokens.ts'

/** Every route of the API, in the order its pages show them. */
export const apiRoutes: readonly Route[] = [
  ...sessionRoutes,
  ...tokenRoutes,
  ...agentRoutes,
  ...roleRoutes,
  ...queueRoutes,
  ...groupRoutes,
  ...calendarRoutes,
  ...slaPolicyRoutes,
  ...routingRuleRoutes,
  ...routingRoutes,
  ...inboxRoutes,
  ...contactRoutes,
  ...conversationRoutes,
  ...searchRoutes,
  ...customerLinkRoutes,
  ...mailRoutes,
  ...offerRoutes,
  ...fileRoutes,
  ...deliveryRoutes,
  ...liveStateRoutes,
  ...metricRoutes,
]
