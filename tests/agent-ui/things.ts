import type { Agent, Me } from '../../src/wire/agents.ts'
import type { Conversation } from '../../src/wire/conversations.ts'
import type { Message } from '../../src/wire/messages.ts'
import type { Snapshot } from '../../src/wire/snapshot.ts'

/** Noon of a fixed day, epoch ms. */
export const noon = Date.UTC(2026, 10, 2, 12)

/** An agent; what a test does not name is of no matter to it. */
export function agent(changes: Partial<Agent> = {}): Agent {
  return {
    id: 'a1',
    name: '陳美玲',
    email: 'mei@camellia.test',
    roleId: 'agent',
    locale: 'zh-TW',
    avatarColor: null,
    disabled: false,
    state: 'available',
    stateReason: null,
    stateSince: noon,
    connected: true,
    load: { items: {}, weight: 0, total: 100 },
    skills: [],
    queueIds: ['q1'],
    ...changes,
  }
}

/** Who is logged in. */
export function me(): Me {
  const role = { id: 'agent', name: 'Agent', permissions: ['self'], visibility: 'team' as const, builtin: true }
  return { agent: agent(), role, permissions: ['self', 'conversation.reply'], signature: '', totpEnabled: false, csrfToken: 'x' }
}

/** A conversation, active and mine. */
export function conversation(changes: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    inboxId: 'i1',
    channel: 'line',
    contact: { id: 'k1', name: '許家豪', avatarUrl: null },
    blocked: false,
    status: 'active',
    awaiting: 'agent',
    queueId: 'q1',
    assigneeId: 'a1',
    priority: 5,
    subject: null,
    tags: [],
    waitingSince: noon,
    queuedAt: noon,
    assignedAt: noon,
    snoozedUntil: null,
    wrapUpUntil: null,
    slaDueAt: null,
    slaBreachedAt: null,
    firstResponseAt: null,
    resolvedAt: null,
    disposition: null,
    previousId: null,
    messageCount: 1,
    readCount: 0,
    customerReadCount: 0,
    lastMessageAt: noon,
    preview: { direction: 'in', kind: 'text', text: '你好' },
    createdAt: noon,
    ...changes,
  }
}

/** A message of the customer. */
export function message(ordinal: number, changes: Partial<Message> = {}): Message {
  return {
    id: `m${ordinal}`,
    conversationId: 'c1',
    ordinal,
    direction: 'in',
    channel: 'line',
    author: { type: 'contact', id: 'k1', name: '許家豪' },
    parts: [{ type: 'text', text: `第 ${ordinal} 則` }],
    clientId: null,
    quotedMessageId: null,
    mail: null,
    delivery: null,
    editedAt: null,
    unsentAt: null,
    occurredAt: noon + ordinal * 1_000,
    createdAt: noon + ordinal * 1_000,
    ...changes,
  }
}

/** What the hub answers at the start. */
export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  const { role, permissions, agent: own } = me()
  return {
    seq: 100,
    at: noon,
    me: { agentId: own.id, role, permissions },
    agents: [own],
    queues: [],
    stats: [],
    inboxes: [],
    roles: [],
    skills: [],
    offers: [],
    conversations: [conversation()],
    ...changes,
  }
}
