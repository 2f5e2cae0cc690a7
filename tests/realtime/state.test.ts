import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { loadConversations } from '../../db/queries/load-conversations.ts'
import { pendingOffersOf } from '../../db/queries/offers.ts'
import { newId } from '../../src/lib/ids.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createAgent } from '../../src/services/agents/create-agent.ts'
import { disableAgent, enableAgent } from '../../src/services/agents/disable-agent.ts'
import { updateAgent } from '../../src/services/agents/update-agent.ts'
import { applyReachability } from '../../src/services/contacts/apply-reachability.ts'
import { addContactNote } from '../../src/services/contacts/contact-notes.ts'
import { updateContact } from '../../src/services/contacts/update-contact.ts'
import { assignConversation } from '../../src/services/conversations/assign-conversation.ts'
import { editMessage } from '../../src/services/conversations/edit-message.ts'
import { endWrapUp } from '../../src/services/conversations/end-wrap-up.ts'
import { extendWrapUp } from '../../src/services/conversations/extend-wrap-up.ts'
import { finishConversation } from '../../src/services/conversations/finish-conversation.ts'
import { markRead } from '../../src/services/conversations/mark-read.ts'
import { parkConversation } from '../../src/services/conversations/park-conversation.ts'
import { reopenConversation } from '../../src/services/conversations/reopen-conversation.ts'
import { sendMessage } from '../../src/services/conversations/send-message.ts'
import { snoozeConversation } from '../../src/services/conversations/snooze-conversation.ts'
import { unsendMessage } from '../../src/services/conversations/unsend-message.ts'
import { wakeConversation } from '../../src/services/conversations/wake-conversation.ts'
import { wrapUpConversation } from '../../src/services/conversations/wrap-up-conversation.ts'
import { setInboxHealth } from '../../src/services/inboxes/note-account-news.ts'
import { createInbox, deleteInbox, updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import { acceptOffer } from '../../src/services/offers/accept-offer.ts'
import { declineOffer } from '../../src/services/offers/decline-offer.ts'
import { expireOffer } from '../../src/services/offers/expire-offer.ts'
import { sendDue } from '../../src/services/outbox/send-next.ts'
import { expirePresence } from '../../src/services/presence/expire-presence.ts'
import { renewPresence } from '../../src/services/presence/renew-presence.ts'
import { setAgentState } from '../../src/services/presence/set-agent-state.ts'
import { deleteQueue } from '../../src/services/queues/delete-queue.ts'
import { createQueue, updateQueue } from '../../src/services/queues/write-queue.ts'
import { createRole, deleteRole, updateRole } from '../../src/services/roles/write-role.ts'
import { deleteSkill } from '../../src/services/skills/delete-skill.ts'
import { createSkill, updateSkill } from '../../src/services/skills/write-skill.ts'
import { tellDueClocks } from '../../src/services/sla/tell-due-clocks.ts'
import type { Skill } from '../../src/wire/access.ts'
import type { Role } from '../../src/wire/agents.ts'
import { queueSettingsSchema } from '../../src/wire/queues.ts'
import { createDatabase } from '../support/postgres.ts'
import { verifyState } from '../support/verify-state.ts'
import { type RealtimeHub, startRealtimeHub, type TestAgent } from './harness.ts'
import { offerTo } from './offers.ts'

interface Centre {
  readonly hub: RealtimeHub
  readonly sales: string
  readonly support: string
  readonly inbox: string
  readonly mei: TestAgent
  readonly wei: TestAgent
  readonly lin: TestAgent
  /** A conversation waiting in `sales`. */
  readonly waiting: string
  /** A conversation at work with Mei. */
  readonly active: string
}

let centre: Centre
afterEach(() => centre.hub.stop())

async function makeCentre(databaseUrl?: string): Promise<Centre> {
  const hub = await startRealtimeHub(databaseUrl === undefined ? {} : { databaseUrl })
  const sales = await hub.addQueue('Sales')
  const support = await hub.addQueue('Support')
  const inbox = await hub.addInbox('Site', sales)
  const mei = await hub.addAgent('Mei', { queueIds: [sales] })
  const wei = await hub.addAgent('Wei', { queueIds: [support] })
  const lin = await hub.addAgent('Lin', { roleId: 'supervisor' })
  await hub.addAgent('Root', { roleId: 'admin' })
  const waiting = await hub.receive(inbox, 'ann', 'is anybody there?')
  const active = await hub.receive(inbox, 'bob', 'hello')
  await assignConversation(hub.ctx, systemViewer, active, { agentId: mei.id })
  await renewPresence(hub.ctx, mei.id)
  await setAgentState(hub.ctx, systemViewer, mei.id, { state: 'available' })
  return { hub, sales, support, inbox, mei, wei, lin, waiting, active }
}

async function newestMessage(
  { hub }: Centre,
  conversationId: string,
  direction: 'in' | 'out',
): Promise<{ id: string; externalId: string | null }> {
  const { messages: m } = hub.ctx.store.t
  const rows = await hub.ctx.store.db
    .select({ id: m.id, direction: m.direction, externalId: m.externalId, ordinal: m.ordinal })
    .from(m)
    .where(eq(m.conversationId, conversationId))
  const found = rows.filter((row) => row.direction === direction).sort((a, b) => b.ordinal - a.ordinal)[0]
  if (found === undefined) throw new Error('no such message')
  return found
}

const reply = async ({ hub, mei, active }: Centre) =>
  sendMessage(hub.ctx, await mei.viewer(), active, {
    clientId: newId(),
    kind: 'reply',
    parts: [{ type: 'text', text: 'good day' }],
    force: true,
  })

async function contactOf({ hub }: Centre, conversationId: string): Promise<{ contactId: string; pointId: string; threadKey: string }> {
  const { conversations: c } = hub.ctx.store.t
  const [row] = await hub.ctx.store.db
    .select({ contactId: c.contactId, pointId: c.contactPointId, threadKey: c.threadKey })
    .from(c)
    .where(eq(c.id, conversationId))
  if (row === undefined) throw new Error('no conversation')
  return row
}

interface Case {
  readonly prepare?: (centre: Centre) => Promise<unknown>
  readonly act: (centre: Centre, prepared: never) => Promise<unknown>
}

const settings = queueSettingsSchema.parse({ priority: 7 })
const inboxInput = {
  channel: 'webchat',
  locale: 'en',
  enabled: true,
  restricted: false,
  memberIds: [],
  reopenWindowMs: 86_400_000,
  config: {},
} as const

/** Every use case that changes what a console shows. */
const cases: Record<string, Case> = {
  'a customer begins a conversation': { act: ({ hub, inbox }) => hub.receive(inbox, 'carol', 'a new one') },
  'a customer writes again': { act: ({ hub, inbox }) => hub.receive(inbox, 'bob', 'are you there?') },
  'a customer edits': {
    prepare: (c) => newestMessage(c, c.active, 'in'),
    act: async ({ hub, inbox, active }, { externalId }: { externalId: string }) => {
      const open = await hub.ctx.inboxes.get(inbox)
      const { threadKey } = await contactOf(centre, active)
      const item = {
        type: 'edited',
        externalId: newId(),
        targetExternalId: externalId,
        occurredAt: hub.clock.now() + 5,
        threadKey,
        party: { kind: 'visitor', address: threadKey, verified: true },
        parts: [{ type: 'text', text: 'edited' }],
      } as const
      await hub.ctx.store.tx((tx) => editMessage(tx, hub.ctx, open, item, newId()))
    },
  },
  'a customer takes a message back': {
    prepare: (c) => newestMessage(c, c.active, 'in'),
    act: async ({ hub, inbox, active }, { externalId }: { externalId: string }) => {
      const open = await hub.ctx.inboxes.get(inbox)
      const { threadKey } = await contactOf(centre, active)
      const item = {
        type: 'unsent',
        externalId: newId(),
        targetExternalId: externalId,
        occurredAt: hub.clock.now(),
        threadKey,
        party: { kind: 'visitor', address: threadKey, verified: true },
      } as const
      await hub.ctx.store.tx((tx) => unsendMessage(tx, hub.ctx, open, item))
    },
  },
  'an agent replies': { act: reply },
  'a reply is sent by its channel': { prepare: reply, act: ({ hub, active }) => sendDue(hub.ctx, active, AbortSignal.timeout(5_000)) },
  'an agent leaves a note': {
    act: async ({ hub, mei, active }) =>
      sendMessage(hub.ctx, await mei.viewer(), active, {
        clientId: newId(),
        kind: 'note',
        parts: [{ type: 'text', text: 'between us' }],
        force: false,
      }),
  },
  'an agent reads': { act: async ({ hub, mei, active }) => markRead(hub.ctx, await mei.viewer(), active, 99) },
  'a supervisor gives to an agent': {
    act: async ({ hub, lin, mei, waiting }) =>
      assignConversation(hub.ctx, await lin.viewer(), waiting, { agentId: mei.id, note: 'please' }),
  },
  'a supervisor takes to another team': {
    act: async ({ hub, lin, wei, active }) => assignConversation(hub.ctx, await lin.viewer(), active, { agentId: wei.id }),
  },
  'an agent hands over to a queue': {
    act: async ({ hub, mei, support, active }) => assignConversation(hub.ctx, await mei.viewer(), active, { queueId: support }),
  },
  'an agent hands over to a colleague': {
    act: async ({ hub, mei, wei, active }) => assignConversation(hub.ctx, await mei.viewer(), active, { agentId: wei.id }),
  },
  'an offer is made': { act: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting) },
  'an offer is accepted': {
    prepare: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting),
    act: async ({ hub, mei }, offerId: string) => acceptOffer(hub.ctx, await mei.viewer(), offerId),
  },
  'an offer is declined': {
    prepare: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting),
    act: async ({ hub, mei }, offerId: string) => declineOffer(hub.ctx, await mei.viewer(), offerId, 'busy'),
  },
  'an offer expires': {
    prepare: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting),
    act: async ({ hub }, offerId: string) => {
      await hub.clock.advance(31_000)
      await expireOffer(hub.ctx, offerId)
    },
  },
  'an offered customer writes on': {
    prepare: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting),
    act: ({ hub, inbox }) => hub.receive(inbox, 'ann', 'still here'),
  },
  'an agent finishes': { prepare: reply, act: async ({ hub, mei, active }) => finishConversation(hub.ctx, await mei.viewer(), active) },
  'an agent wraps up': {
    prepare: async (c) => {
      await reply(c)
      await finishConversation(c.hub.ctx, await c.mei.viewer(), c.active)
    },
    act: async ({ hub, mei, active }) => wrapUpConversation(hub.ctx, await mei.viewer(), active, { tags: ['tea'], note: 'done' }),
  },
  'wrap-up is extended': {
    prepare: async ({ hub, mei, active }) => finishConversation(hub.ctx, await mei.viewer(), active),
    act: async ({ hub, mei, active }) => extendWrapUp(hub.ctx, await mei.viewer(), active),
  },
  'wrap-up runs out': {
    prepare: async ({ hub, mei, active }) => finishConversation(hub.ctx, await mei.viewer(), active),
    act: async ({ hub, active }) => {
      await hub.clock.advance(200_000)
      await endWrapUp(hub.ctx, active)
    },
  },
  'a resolved customer writes again': {
    prepare: async ({ hub, mei, active }) => {
      await finishConversation(hub.ctx, await mei.viewer(), active)
      await wrapUpConversation(hub.ctx, await mei.viewer(), active, {})
    },
    act: ({ hub, inbox }) => hub.receive(inbox, 'bob', 'one more thing'),
  },
  'an agent reopens': {
    prepare: async ({ hub, mei, active }) => {
      await finishConversation(hub.ctx, await mei.viewer(), active)
      await wrapUpConversation(hub.ctx, await mei.viewer(), active, {})
    },
    act: async ({ hub, mei, active }) => reopenConversation(hub.ctx, await mei.viewer(), active),
  },
  'an agent snoozes': {
    act: async ({ hub, mei, active }) => snoozeConversation(hub.ctx, await mei.viewer(), active, hub.clock.now() + 60_000),
  },
  'a snooze ends': {
    prepare: async ({ hub, mei, active }) => snoozeConversation(hub.ctx, await mei.viewer(), active, hub.clock.now() + 60_000),
    act: async ({ hub, active }) => {
      await hub.clock.advance(61_000)
      await wakeConversation(hub.ctx, active)
    },
  },
  'a silent conversation is parked': {
    prepare: reply,
    act: async ({ hub, active }) => {
      await hub.clock.advance(3_600_000)
      await parkConversation(hub.ctx, active)
    },
  },
  'a first answer is overdue': {
    prepare: async ({ hub, waiting }) => {
      const at = hub.clock.now()
      const clock = {
        id: newId(),
        conversationId: waiting,
        target: 'first_response',
        time: 'wall',
        targetMs: 1_000,
        startedAt: at,
      } as const
      await hub.ctx.store.tx((tx) => tx.db.insert(tx.t.slaClocks).values({ ...clock, dueAt: at, pauses: [] }))
      await hub.clock.advance(1_000)
    },
    act: ({ hub, waiting }) => tellDueClocks(hub.ctx, waiting),
  },
  'a customer is renamed': {
    prepare: (c) => contactOf(c, c.active),
    act: async ({ hub, mei }, { contactId }: { contactId: string }) =>
      updateContact(hub.ctx, await mei.viewer(), contactId, { name: 'Robert', company: 'Tea House' }),
  },
  'a customer is noted': {
    prepare: (c) => contactOf(c, c.active),
    act: async ({ hub, mei }, { contactId }: { contactId: string }) =>
      addContactNote(hub.ctx, await mei.viewer(), contactId, 'likes oolong'),
  },
  'a customer blocks us': {
    prepare: (c) => contactOf(c, c.active),
    act: async ({ hub, inbox }, { threadKey }: { threadKey: string }) => {
      const open = await hub.ctx.inboxes.get(inbox)
      const party = { kind: 'visitor', address: threadKey, verified: true } as const
      await hub.ctx.store.tx((tx) =>
        applyReachability(tx, hub.ctx, open, {
          type: 'reachability',
          externalId: newId(),
          occurredAt: hub.clock.now(),
          threadKey,
          party,
          reachable: false,
        }),
      )
    },
  },
  'an agent goes away': {
    act: async ({ hub, mei }) => setAgentState(hub.ctx, await mei.viewer(), mei.id, { state: 'away', reason: 'lunch' }),
  },
  'an agent with an offer goes busy': {
    prepare: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting),
    act: async ({ hub, mei }) => setAgentState(hub.ctx, await mei.viewer(), mei.id, { state: 'busy' }),
  },
  'a colleague comes': { act: ({ hub, wei }) => renewPresence(hub.ctx, wei.id) },
  'an agent with an offer vanishes': {
    prepare: (c) => offerTo(c.hub.ctx, c.mei.id, c.waiting),
    act: async ({ hub }) => {
      await hub.clock.advance(46_000)
      await expirePresence(hub.ctx)
    },
  },
  'an absent agent loses waiting customers': {
    act: async ({ hub }) => {
      await hub.clock.advance(46_000)
      await expirePresence(hub.ctx)
      await hub.clock.advance(121_000)
      await expirePresence(hub.ctx)
    },
  },
  'an agent is made': {
    act: ({ hub, sales }) =>
      createAgent(hub.ctx, systemViewer, { email: 'new@desk.test', name: 'New', roleId: 'agent', locale: 'ja', queueIds: [sales] }),
  },
  'an agent is renamed': { prepare: reply, act: ({ hub, mei }) => updateAgent(hub.ctx, systemViewer, mei.id, { name: 'Mei Chen' }) },
  'an agent changes teams': { act: ({ hub, mei, support }) => updateAgent(hub.ctx, systemViewer, mei.id, { queueIds: [support] }) },
  'an agent becomes a supervisor': { act: ({ hub, mei }) => updateAgent(hub.ctx, systemViewer, mei.id, { roleId: 'supervisor' }) },
  'a colleague is disabled': {
    prepare: ({ hub, sales }) => hub.addAgent('Gus', { queueIds: [sales] }),
    act: ({ hub }, { id }: TestAgent) => disableAgent(hub.ctx, systemViewer, id),
  },
  'an agent with an offer is disabled': {
    prepare: async ({ hub, sales, waiting }) => {
      const gus = await hub.addAgent('Gus', { queueIds: [sales] })
      await renewPresence(hub.ctx, gus.id)
      await setAgentState(hub.ctx, systemViewer, gus.id, { state: 'available' })
      await offerTo(hub.ctx, gus.id, waiting)
      return gus
    },
    act: async ({ hub, waiting }, { id }: TestAgent) => {
      await disableAgent(hub.ctx, systemViewer, id)
      expect(await pendingOffersOf(hub.ctx.store, id)).toEqual([])
      expect((await loadConversations(hub.ctx.store, [waiting]))[0]).toMatchObject({ status: 'queued', offeredTo: null })
    },
  },
  'a colleague is enabled again': {
    prepare: async ({ hub }) => {
      const gus = await hub.addAgent('Gus')
      await disableAgent(hub.ctx, systemViewer, gus.id)
      return gus
    },
    act: ({ hub }, { id }: TestAgent) => enableAgent(hub.ctx, systemViewer, id),
  },
  'a skill is made': { act: ({ hub }) => createSkill(hub.ctx, systemViewer, 'Oolong') },
  'a skill is renamed': {
    prepare: ({ hub }) => createSkill(hub.ctx, systemViewer, 'Oolong'),
    act: ({ hub }, { id }: Skill) => updateSkill(hub.ctx, systemViewer, id, 'Pu-erh'),
  },
  'a skill is deleted': {
    prepare: ({ hub }) => createSkill(hub.ctx, systemViewer, 'Oolong'),
    act: ({ hub }, { id }: Skill) => deleteSkill(hub.ctx, systemViewer, id),
  },
  'a role is made': {
    act: ({ hub }) => createRole(hub.ctx, systemViewer, { name: 'Reader', visibility: 'own', permissions: ['queue.read'] }),
  },
  'a role is deleted': {
    prepare: ({ hub }) => createRole(hub.ctx, systemViewer, { name: 'Reader', visibility: 'own', permissions: ['queue.read'] }),
    act: ({ hub }, { id }: Role) => deleteRole(hub.ctx, systemViewer, id),
  },
  'a queue is made': {
    act: ({ hub, mei }) => createQueue(hub.ctx, systemViewer, { name: 'Returns', enabled: true, settings, memberIds: [mei.id] }),
  },
  'a queue is changed': {
    act: ({ hub, sales, mei, wei }) =>
      updateQueue(hub.ctx, systemViewer, sales, { name: 'Shop', enabled: true, settings, memberIds: [mei.id, wei.id] }),
  },
  'a team loses an agent': {
    act: ({ hub, sales }) => updateQueue(hub.ctx, systemViewer, sales, { name: 'Sales', enabled: true, settings, memberIds: [] }),
  },
  'a queue is deleted': { act: ({ hub, support }) => deleteQueue(hub.ctx, systemViewer, support) },
  'an inbox is made': {
    act: ({ hub, sales }) => createInbox(hub.ctx, systemViewer, { ...inboxInput, memberIds: [], name: 'Shop', queueId: sales }),
  },
  'an inbox is restricted': { act: ({ hub, inbox }) => updateInbox(hub.ctx, systemViewer, inbox, { restricted: true, memberIds: [] }) },
  'an inbox is ill': {
    act: ({ hub, inbox }) => hub.ctx.store.tx((tx) => setInboxHealth(tx, inbox, 'auth_failed', 'the token is refused', hub.clock.now())),
  },
  'an inbox is deleted': {
    prepare: ({ hub, sales }) => hub.addInbox('Old', sales),
    act: ({ hub }, id: string) => deleteInbox(hub.ctx, systemViewer, id),
  },
  'a role loses a right': {
    prepare: async ({ hub, mei }) => {
      const permissions = ['conversation.read', 'agent.read', 'queue.read', 'inbox.read', 'contact.read']
      const role = await createRole(hub.ctx, systemViewer, { name: 'Reader', visibility: 'team', permissions })
      await updateAgent(hub.ctx, systemViewer, mei.id, { roleId: role.id })
      return role.id
    },
    act: ({ hub }, roleId: string) =>
      updateRole(hub.ctx, systemViewer, roleId, { name: 'Reader', visibility: 'own', permissions: ['conversation.read', 'queue.read'] }),
  },
}

async function verify({ prepare, act }: Case): Promise<void> {
  const prepared = (await prepare?.(centre)) as never
  const { hub, mei, wei, lin, active } = centre
  const before = await hub.newestSeq()
  await verifyState(hub, [{ agent: mei, threads: [active] }, { agent: lin, threads: [active] }, { agent: wei }], () =>
    act(centre, prepared),
  )
  expect(await hub.newestSeq(), 'the act changed something').toBeGreaterThan(before)
}

describe('a console’s state and the events since are a fresh load', () => {
  test.each(Object.entries(cases))('%s', async (_name, known) => {
    centre = await makeCentre()
    await verify(known)
  })
})

describe('the same on PostgreSQL', () => {
  const some = [
    'a customer begins a conversation',
    'an agent replies',
    'an agent hands over to a queue',
    'an offer is accepted',
    'an agent wraps up',
    'a customer is renamed',
    'an absent agent loses waiting customers',
    'a queue is changed',
  ]
  test.each(Object.entries(cases).filter(([name]) => some.includes(name)))('%s', async (_name, known) => {
    const database = await createDatabase()
    try {
      centre = await makeCentre(database.url)
      await verify(known)
      await centre.hub.stop()
    } finally {
      await database.drop()
    }
  })
})
