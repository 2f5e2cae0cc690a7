import type {
  AgentAccount,
  AgentChanges,
  ApiToken,
  ApiTokenInput,
  NewAgentAnswer,
  NewApiToken,
  NewLink,
  Skill,
} from '../../../src/wire/access.ts'
import type { Agent, AgentInput, Role } from '../../../src/wire/agents.ts'
import type { Calendar, CalendarDay, CalendarInput } from '../../../src/wire/calendars.ts'
import type { ConfigurationFinding, RoutingSettings } from '../../../src/wire/configuration.ts'
import type { Delivery, DeliveryDetail } from '../../../src/wire/deliveries.ts'
import type { Group, GroupInput } from '../../../src/wire/groups.ts'
import type { ChannelInfo, InboxChanges } from '../../../src/wire/inbox-changes.ts'
import type { Inbox, InboxDetail, InboxInput } from '../../../src/wire/inboxes.ts'
import type { Queue, QueueInput } from '../../../src/wire/queues.ts'
import type { Classification, RoutingRule, RoutingRuleInput, RuleTrial } from '../../../src/wire/routing-rules.ts'
import type { SlaPolicy, SlaPolicyInput } from '../../../src/wire/sla-policies.ts'
import type { DeliveryStatus } from '../../../src/wire/words.ts'
import { http } from '../api/http.ts'

interface Items<T> {
  readonly items: readonly T[]
}
interface Page<T> extends Items<T> {
  readonly nextCursor: string | null
}

const at = encodeURIComponent

/** What administrators read and change. Every call throws ApiError when the hub refuses. */
export const adminApi = {
  agents: async (): Promise<readonly Agent[]> => {
    const all: Agent[] = []
    let cursor: string | undefined
    do {
      const page: Page<Agent> = await http.get('/agents', { cursor, limit: 100 })
      all.push(...page.items)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return all
  },
  account: (id: string): Promise<AgentAccount> => http.get(`/agents/${at(id)}/account`),
  addAgent: (input: AgentInput): Promise<NewAgentAnswer> => http.post('/agents', input),
  changeAgent: (id: string, changes: AgentChanges): Promise<AgentAccount> => http.patch(`/agents/${at(id)}`, changes),
  enableAgent: (id: string, enabled: boolean): Promise<AgentAccount> => http.post(`/agents/${at(id)}/${enabled ? 'enable' : 'disable'}`),
  linkFor: (id: string): Promise<NewLink> => http.post(`/agents/${at(id)}/link`),
  roles: (): Promise<Items<Role>> => http.get('/roles'),
  skills: (): Promise<Items<Skill>> => http.get('/skills'),
  addSkill: (name: string): Promise<Skill> => http.post('/skills', { name }),
  renameSkill: (id: string, name: string): Promise<Skill> => http.put(`/skills/${at(id)}`, { name }),
  removeSkill: (id: string): Promise<void> => http.delete(`/skills/${at(id)}`),
  queues: (): Promise<Items<Queue>> => http.get('/queues'),
  addQueue: (input: QueueInput): Promise<Queue> => http.post('/queues', input),
  changeQueue: (id: string, input: QueueInput): Promise<Queue> => http.put(`/queues/${at(id)}`, input),
  removeQueue: (id: string): Promise<void> => http.delete(`/queues/${at(id)}`),
  groups: (): Promise<Items<Group>> => http.get('/groups'),
  addGroup: (input: GroupInput): Promise<Group> => http.post('/groups', input),
  changeGroup: (id: string, input: GroupInput): Promise<Group> => http.put(`/groups/${at(id)}`, input),
  removeGroup: (id: string): Promise<void> => http.delete(`/groups/${at(id)}`),
  calendars: (): Promise<Items<Calendar>> => http.get('/calendars'),
  addCalendar: (input: CalendarInput): Promise<Calendar> => http.post('/calendars', input),
  changeCalendar: (id: string, input: CalendarInput): Promise<Calendar> => http.put(`/calendars/${at(id)}`, input),
  removeCalendar: (id: string): Promise<void> => http.delete(`/calendars/${at(id)}`),
  closeCalendar: (id: string, reason: string): Promise<Calendar> => http.post(`/calendars/${at(id)}/close`, { until: null, reason }),
  openCalendar: (id: string): Promise<Calendar> => http.post(`/calendars/${at(id)}/open`),
  holidays: (country: string, year: number, locale: string): Promise<Items<CalendarDay>> =>
    http.get('/holidays', { country, year, locale }),
  policies: (): Promise<Items<SlaPolicy>> => http.get('/sla-policies'),
  addPolicy: (input: SlaPolicyInput): Promise<SlaPolicy> => http.post('/sla-policies', input),
  changePolicy: (id: string, input: SlaPolicyInput): Promise<SlaPolicy> => http.put(`/sla-policies/${at(id)}`, input),
  removePolicy: (id: string): Promise<void> => http.delete(`/sla-policies/${at(id)}`),
  orderPolicies: (ids: readonly string[]): Promise<Items<SlaPolicy>> => http.put('/sla-policies/order', { ids }),
  rules: (): Promise<Items<RoutingRule>> => http.get('/routing-rules'),
  addRule: (input: RoutingRuleInput): Promise<RoutingRule> => http.post('/routing-rules', input),
  changeRule: (id: string, input: RoutingRuleInput): Promise<RoutingRule> => http.put(`/routing-rules/${at(id)}`, input),
  removeRule: (id: string): Promise<void> => http.delete(`/routing-rules/${at(id)}`),
  orderRules: (ids: readonly string[]): Promise<Items<RoutingRule>> => http.put('/routing-rules/order', { ids }),
  testRules: (trial: RuleTrial): Promise<Classification> => http.post('/routing-rules/test', trial),
  findings: (): Promise<Items<ConfigurationFinding>> => http.get('/routing/findings'),
  routingSettings: (): Promise<RoutingSettings> => http.get('/routing/settings'),
  changeRoutingSettings: (settings: RoutingSettings): Promise<RoutingSettings> => http.put('/routing/settings', settings),
  channels: (): Promise<Items<ChannelInfo>> => http.get('/channels'),
  inboxes: (): Promise<Items<Inbox>> => http.get('/inboxes'),
  inbox: (id: string): Promise<InboxDetail> => http.get(`/inboxes/${at(id)}`),
  addInbox: (input: InboxInput): Promise<InboxDetail> => http.post('/inboxes', input),
  changeInbox: (id: string, changes: InboxChanges): Promise<InboxDetail> => http.patch(`/inboxes/${at(id)}`, changes),
  /** Looks whether the account works as it is set up. */
  checkInbox: (id: string): Promise<InboxDetail> => http.post<InboxDetail>(`/inboxes/${id}/check`),
  removeInbox: (id: string): Promise<void> => http.delete(`/inboxes/${at(id)}`),
  tokens: (): Promise<Items<ApiToken>> => http.get('/tokens'),
  addToken: (input: ApiTokenInput): Promise<NewApiToken> => http.post('/tokens', input),
  revokeToken: (id: string): Promise<void> => http.delete(`/tokens/${at(id)}`),
  deliveries: (status: DeliveryStatus, cursor?: string): Promise<Page<Delivery>> => http.get('/deliveries', { status, cursor, limit: 50 }),
  delivery: (id: string): Promise<DeliveryDetail> => http.get(`/deliveries/${at(id)}`),
  replay: (id: string): Promise<{ status: DeliveryStatus; error: string | null }> => http.post(`/deliveries/${at(id)}/replay`),
}
