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
import type { Delivery, DeliveryDetail } from '../../../src/wire/deliveries.ts'
import type { ChannelInfo, InboxChanges } from '../../../src/wire/inbox-changes.ts'
import type { Inbox, InboxDetail, InboxInput } from '../../../src/wire/inboxes.ts'
import type { Queue, QueueInput } from '../../../src/wire/queues.ts'
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
