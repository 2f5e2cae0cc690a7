import { createHash, randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { createFakeClock, type FakeClock } from '../../src/adapters/clock-fake.ts'
import { createMemoryJobQueue } from '../../src/adapters/job-queue-memory.ts'
import { AppError } from '../../src/lib/errors.ts'
import { newId } from '../../src/lib/ids.ts'
import { loadViewer } from '../../src/services/access/load-viewer.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createAgent } from '../../src/services/agents/create-agent.ts'
import type { OpenInbox, ServiceContext } from '../../src/services/context.ts'
import { assignConversation } from '../../src/services/conversations/assign-conversation.ts'
import { finishConversation } from '../../src/services/conversations/finish-conversation.ts'
import { markRead } from '../../src/services/conversations/mark-read.ts'
import { sendMessage } from '../../src/services/conversations/send-message.ts'
import { snoozeConversation } from '../../src/services/conversations/snooze-conversation.ts'
import { wrapUpConversation } from '../../src/services/conversations/wrap-up-conversation.ts'
import { acceptPayloads } from '../../src/services/deliveries/accept-delivery.ts'
import { createInbox } from '../../src/services/inboxes/write-inbox.ts'
import { sendDue } from '../../src/services/outbox/send-next.ts'
import { createQueue } from '../../src/services/queues/write-queue.ts'
import { createSkill } from '../../src/services/skills/write-skill.ts'
import { tellDueClocks } from '../../src/services/sla/tell-due-clocks.ts'
import { queueSettingsSchema } from '../../src/wire/queues.ts'
import { type WebchatPayload, webchatPayloadId } from '../../src/wire/webchat.ts'
import { demoConversations } from './conversations.ts'
import { type DemoConversation, type DemoLine, demoPassword, demoPeople, demoQueues } from './people.ts'

const minuteMs = 60_000

/** Where the stand-in platforms of the demo are; a seed without them leaves the providers' own addresses. */
export interface SeedOptions {
  readonly lineOrigin?: string
  /** Where it is given the centre has a number for SMS as well. */
  readonly twilioOrigin?: string
}

interface Ids {
  readonly queues: ReadonlyMap<string, string>
  readonly agents: ReadonlyMap<string, string>
  readonly inboxes: ReadonlyMap<string, string>
}

/**
 * Fills a new database with Camellia Tea House: three queues, eight people, three inboxes and twenty conversations
 * of the last two days, all made by the same use cases that serve real traffic.
 * @throws AppError 'conflict' when the database has inboxes already.
 */
export async function seedDemo(ctx: ServiceContext, options: SeedOptions = {}): Promise<{ conversations: number }> {
  const { store } = ctx
  const [known] = await store.db.select({ id: store.t.inboxes.id }).from(store.t.inboxes).limit(1)
  if (known !== undefined) throw new AppError('conflict', 'The database has inboxes already; the demo is for a new one.')
  const ids = await seedCentre(ctx, options)
  const { clock, past } = pastOf(ctx)
  const moments = demoConversations
    .flatMap((conversation) => timelineOf(past, conversation, ids, ctx.clock.now()))
    .sort((a, b) => a.at - b.at)
  for (const { at, act } of moments) {
    await clock.advance(Math.max(0, at - clock.now()))
    await act()
  }
  await store.tx((tx) => tx.db.insert(tx.t.settings).values({ key: 'sandbox.inboxes', value: [...ids.inboxes.values()] }))
  return { conversations: demoConversations.length }
}

/** A context whose clock begins two days ago, whose jobs wait for nobody, and whose providers take everything. */
function pastOf(ctx: ServiceContext): { clock: FakeClock; past: ServiceContext } {
  const oldest = Math.max(...demoConversations.map(({ minutesAgo }) => minutesAgo))
  const clock = createFakeClock(ctx.clock.now() - (oldest + 1) * minuteMs)
  const taken = (inbox: OpenInbox): OpenInbox => ({
    ...inbox,
    session: {
      ...inbox.session,
      send: async (out) => ({ status: 'accepted', route: 'push', providerIds: [{ kind: 'seed', value: out.outboxId }] }),
    },
  })
  const inboxes = { ...ctx.inboxes, get: async (id: string) => taken(await ctx.inboxes.get(id)) }
  return { clock, past: { ...ctx, clock, inboxes, jobs: createMemoryJobQueue(clock) } }
}

async function seedCentre(ctx: ServiceContext, origins: SeedOptions): Promise<Ids> {
  const skills = new Map<string, string>()
  for (const name of new Set(demoPeople.flatMap((person) => Object.keys(person.skills))))
    skills.set(name, (await createSkill(ctx, systemViewer, name)).id)
  const queues = new Map<string, string>()
  for (const { name, ...rules } of demoQueues) {
    const settings = queueSettingsSchema.parse({ ...rules, dispositions: [...rules.dispositions] })
    queues.set(name, (await createQueue(ctx, systemViewer, { name, enabled: true, settings, memberIds: [] })).id)
  }
  const agents = new Map<string, string>()
  for (const { email, name, roleId, locale, skills: levels, queues: names } of demoPeople) {
    const answer = await createAgent(ctx, systemViewer, {
      email,
      name,
      roleId,
      locale,
      password: demoPassword,
      skills: Object.entries(levels).map(([skill, level]) => ({ skillId: skills.get(skill) ?? '', level })),
      queueIds: names.map((queue) => queues.get(queue) ?? ''),
    })
    agents.set(email, answer.agent.id)
  }
  return { queues, agents, inboxes: await seedInboxes(ctx, queues, origins) }
}

async function seedInboxes(
  ctx: ServiceContext,
  queues: ReadonlyMap<string, string>,
  { lineOrigin, twilioOrigin }: SeedOptions,
): Promise<Map<string, string>> {
  const common = { locale: 'zh-TW', enabled: true, restricted: false, memberIds: [], reopenWindowMs: 3 * 86_400_000 }
  const origins = lineOrigin === undefined ? {} : { apiBaseUrl: lineOrigin, apiDataBaseUrl: lineOrigin }
  const lineConfig = (channelId: string) => ({
    channelId,
    channelSecret: randomBytes(16).toString('hex'),
    channelAccessToken: randomBytes(48).toString('base64url'),
    providerId: 'camellia',
    ...origins,
  })
  const inboxes = new Map<string, string>()
  const add = async (name: string, channel: 'line' | 'sms' | 'webchat', queue: string, config: Record<string, unknown>) => {
    const inbox = await createInbox(ctx, systemViewer, { ...common, name, channel, queueId: queues.get(queue) ?? '', config })
    inboxes.set(name, inbox.id)
  }
  await add('山茶茶行 LINE', 'line', '顧客服務', lineConfig('1650000001'))
  await add('山茶 VIP LINE', 'line', 'VIP', lineConfig('1650000002'))
  await add('camellia.test 網站', 'webchat', '顧客服務', { color: '#3f6b4f' })
  if (twilioOrigin !== undefined) {
    const accountSid = `AC${randomBytes(16).toString('hex')}`
    const authToken = randomBytes(16).toString('hex')
    await add('山茶茶行簡訊', 'sms', '顧客服務', { accountSid, authToken, from: '+12025550100', apiBaseUrl: twilioOrigin })
  }
  return inboxes
}

interface Moment {
  readonly at: number
  act(): Promise<void>
}

/** What happens in one conversation, each act with its instant. */
function timelineOf(ctx: ServiceContext, conversation: DemoConversation, ids: Ids, now: number): Moment[] {
  const inboxId = ids.inboxes.get(conversation.inbox) ?? ''
  const agentId = ids.agents.get(conversation.agent ?? '')
  const found: { id: string } = { id: '' }
  const moments: Moment[] = []
  let at = now - conversation.minutesAgo * minuteMs
  conversation.lines.forEach((line, i) => {
    at += line.afterMinutes * minuteMs
    const when = at
    moments.push({
      at: when,
      act: () =>
        line.by === 'customer' ? customerSays(ctx, inboxId, conversation, line, when) : agentSays(ctx, found.id, agentId ?? '', line),
    })
    if (i === 0) moments.push({ at: when + 20_000, act: async () => void (found.id = await begin(ctx, inboxId, conversation, ids)) })
  })
  moments.push({ at: at + 30_000, act: () => conclude(ctx, conversation, found.id, agentId) })
  return moments
}

/** The stand-in's user id of a demo customer; the same at every seed, so that the demo phone knows them. */
export function demoLineUserId(customer: string): string {
  return `U${createHash('md5').update(customer).digest('hex')}`
}

async function customerSays(
  ctx: ServiceContext,
  inboxId: string,
  { channel, customer }: DemoConversation,
  line: DemoLine,
  at: number,
): Promise<void> {
  const inbox = await ctx.inboxes.get(inboxId)
  if (channel === 'webchat') {
    const visitorId = createHash('md5').update(customer).digest('hex')
    const payload: WebchatPayload = {
      version: 1,
      kind: 'message',
      visitorId,
      clientId: newId(),
      at,
      parts: [{ type: 'text', text: line.text }],
    }
    await acceptPayloads(ctx, inbox, [{ externalId: webchatPayloadId(payload), raw: JSON.stringify(payload) }])
    return
  }
  const event = {
    type: 'message',
    mode: 'active',
    timestamp: at,
    webhookEventId: newId(),
    deliveryContext: { isRedelivery: false },
    source: { type: 'user', userId: demoLineUserId(customer) },
    message: { type: 'text', id: String(BigInt(`0x${randomBytes(7).toString('hex')}`)), text: line.text },
  }
  const body = Buffer.from(JSON.stringify({ destination: `U${'0'.repeat(32)}`, events: [event] }))
  const payloads = inbox.session.webhook?.split({ method: 'POST', path: '', publicUrl: '', headers: {}, body }) ?? []
  await acceptPayloads(ctx, inbox, payloads)
}

/** Finds what the first message began, names the customer, and puts it where the demo wants it. */
async function begin(ctx: ServiceContext, inboxId: string, conversation: DemoConversation, ids: Ids): Promise<string> {
  const { store } = ctx
  const { conversations: c, contacts } = store.t
  const rows = await store.db.select({ id: c.id, contactId: c.contactId, threadKey: c.threadKey }).from(c).where(eq(c.inboxId, inboxId))
  const key =
    conversation.channel === 'line' ? demoLineUserId(conversation.customer) : createHash('md5').update(conversation.customer).digest('hex')
  const row = rows.find(({ threadKey }) => threadKey === key)
  if (row === undefined) throw new AppError('bug', `The demo conversation of ${conversation.customer} did not begin.`)
  if (conversation.channel === 'line')
    await store.tx((tx) => tx.db.update(contacts).set({ name: conversation.customer }).where(eq(contacts.id, row.contactId)))
  const queueId = ids.queues.get(conversation.queue ?? '')
  if (queueId !== undefined) await assignConversation(ctx, systemViewer, row.id, { queueId })
  const agentId = ids.agents.get(conversation.agent ?? '')
  if (agentId !== undefined) await assignConversation(ctx, systemViewer, row.id, { agentId })
  return row.id
}

async function agentSays(ctx: ServiceContext, conversationId: string, agentId: string, line: DemoLine): Promise<void> {
  const viewer = await viewerOf(ctx, agentId)
  await markRead(ctx, viewer, conversationId, Number.MAX_SAFE_INTEGER)
  const kind = line.by === 'note' ? 'note' : 'reply'
  await sendMessage(ctx, viewer, conversationId, { clientId: newId(), kind, parts: [{ type: 'text', text: line.text }], force: false })
  await sendDue(ctx, conversationId, AbortSignal.timeout(10_000))
}

async function conclude(
  ctx: ServiceContext,
  { disposition, snoozeMinutes }: DemoConversation,
  conversationId: string,
  agentId: string | undefined,
): Promise<void> {
  await tellDueClocks(ctx, conversationId)
  if (agentId === undefined) return
  const viewer = await viewerOf(ctx, agentId)
  if (snoozeMinutes !== undefined)
    await snoozeConversation(ctx, viewer, conversationId, ctx.clock.now() + snoozeMinutes * minuteMs + 86_400_000)
  if (disposition === undefined) return
  await markRead(ctx, viewer, conversationId, Number.MAX_SAFE_INTEGER)
  await finishConversation(ctx, viewer, conversationId)
  await wrapUpConversation(ctx, viewer, conversationId, { disposition })
}

async function viewerOf(ctx: ServiceContext, agentId: string) {
  const viewer = await loadViewer(ctx, agentId)
  if (viewer === null) throw new AppError('bug', 'A demo agent cannot be loaded.')
  return viewer
}
