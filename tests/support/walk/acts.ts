import { eq } from 'drizzle-orm'
import { sweep } from '../../../src/jobs/sweep.ts'
import { AppError } from '../../../src/lib/errors.ts'
import { newId } from '../../../src/lib/ids.ts'
import { systemViewer } from '../../../src/services/access/system-viewer.ts'
import { updateAgent } from '../../../src/services/agents/update-agent.ts'
import { assignConversation } from '../../../src/services/conversations/assign-conversation.ts'
import { extendWrapUp } from '../../../src/services/conversations/extend-wrap-up.ts'
import { finishConversation } from '../../../src/services/conversations/finish-conversation.ts'
import { markRead } from '../../../src/services/conversations/mark-read.ts'
import { reopenConversation } from '../../../src/services/conversations/reopen-conversation.ts'
import { retryMessage } from '../../../src/services/conversations/retry-message.ts'
import { sendMessage } from '../../../src/services/conversations/send-message.ts'
import { snoozeConversation } from '../../../src/services/conversations/snooze-conversation.ts'
import { wrapUpConversation } from '../../../src/services/conversations/wrap-up-conversation.ts'
import { acceptOffer } from '../../../src/services/offers/accept-offer.ts'
import { declineOffer } from '../../../src/services/offers/decline-offer.ts'
import { renewPresence } from '../../../src/services/presence/renew-presence.ts'
import { setAgentState } from '../../../src/services/presence/set-agent-state.ts'
import { eventOf, postEvents } from '../webhooks.ts'
import { capacityChoices, customerWrites, expectOk, platformRepeats, someConversation, someOffer, type World } from './world.ts'

type Act = (world: World) => Promise<unknown>

/** Whoever acts on a conversation: its owner, most often, or anybody. */
async function actorOn(world: World, assigneeId: string | null) {
  const { agentNames, centre, chance } = world
  const name = agentNames.find((candidate) => centre.agent(candidate).id === assigneeId)
  return centre.agent(name !== undefined && chance.next() < 0.8 ? name : (chance.pick(agentNames) ?? 'sue')).viewer()
}

const onConversation =
  (act: (world: World, viewer: Awaited<ReturnType<typeof actorOn>>, id: string) => Promise<unknown>, alsoResolved = false): Act =>
  async (world) => {
    const row = await someConversation(world, alsoResolved)
    if (row !== undefined) await act(world, await actorOn(world, row.assigneeId), row.id)
  }

const somebody = ({ agentNames, centre, chance }: World) => centre.agent(chance.pick(agentNames) ?? 'sue')

/** Acts of customers, agents and time that may happen at the same moment. */
export const acts = {
  customerWrites,
  platformRepeats,
  customerUnsends: async ({ centre, chance, sent }: World) => {
    const event = chance.pick(sent)
    if (event !== undefined)
      expectOk(
        await postEvents(centre.line, [
          eventOf('unsend', String((event['source'] as { userId: string }).userId), { unsend: { messageId: event.message.id } }),
        ]),
      )
  },
  answerOffer: async (world: World) => {
    const { ctx, centre, agentNames, chance } = world
    const offer = await someOffer(world)
    const name = agentNames.find((candidate) => centre.agent(candidate).id === offer?.agentId)
    if (offer === undefined || name === undefined) return
    const viewer = await centre.agent(name).viewer()
    await (chance.next() < 0.75 ? acceptOffer(ctx, viewer, offer.id) : declineOffer(ctx, viewer, offer.id))
  },
  reply: onConversation(({ ctx, chance }, viewer, id) =>
    sendMessage(ctx, viewer, id, {
      clientId: newId(),
      kind: chance.next() < 0.8 ? 'reply' : 'note',
      parts: [{ type: 'text', text: 'yes' }],
      force: true,
    }),
  ),
  finish: onConversation(({ ctx }, viewer, id) => finishConversation(ctx, viewer, id)),
  wrapUp: onConversation(({ ctx, chance }, viewer, id) =>
    wrapUpConversation(ctx, viewer, id, chance.next() < 0.7 ? { disposition: 'solved' } : {}),
  ),
  extend: onConversation(({ ctx }, viewer, id) => extendWrapUp(ctx, viewer, id)),
  snooze: onConversation(({ ctx, chance }, viewer, id) => snoozeConversation(ctx, viewer, id, ctx.clock.now() + 1 + chance.int(120_000))),
  reopen: onConversation(({ ctx }, viewer, id) => reopenConversation(ctx, viewer, id), true),
  read: onConversation(({ ctx, chance }, viewer, id) => markRead(ctx, viewer, id, chance.int(20))),
  toQueue: onConversation(({ ctx, centre, chance, queueNames }, viewer, id) =>
    assignConversation(ctx, viewer, id, { queueId: centre.queue(chance.pick(queueNames) ?? 'main') }),
  ),
  toAgent: onConversation((world, viewer, id) => assignConversation(world.ctx, viewer, id, { agentId: somebody(world).id })),
  retry: async (world: World) => {
    const { store } = world.ctx
    const failed = (await store.db.select().from(store.t.messages).where(eq(store.t.messages.direction, 'out'))).filter(
      ({ delivery }) => delivery === 'failed' || delivery === 'unconfirmed',
    )
    const message = world.chance.pick(failed)
    if (message !== undefined) await retryMessage(world.ctx, systemViewer, message.id)
  },
  comes: async (world: World) => {
    const agent = somebody(world)
    await renewPresence(world.ctx, agent.id)
    await setAgentState(world.ctx, await agent.viewer(), agent.id, { state: 'available' })
  },
  goes: async (world: World) => {
    const agent = somebody(world)
    await setAgentState(world.ctx, await agent.viewer(), agent.id, { state: world.chance.pick(['busy', 'away', 'offline']) ?? 'away' })
  },
  providerFails: async ({ centre, chance }: World) => {
    const fault = chance.pick([
      { kind: 'lose_answer' },
      { kind: 'lose_request' },
      { kind: 'answer', status: 500, body: {} },
      { kind: 'answer', status: 400, body: { message: 'no' } },
    ] as const)
    if (fault !== undefined) centre.line.account.failNext(fault, /push$/)
  },
} satisfies Readonly<Record<string, Act>>

/** How often each is chosen. */
export const weights: Readonly<Record<keyof typeof acts, number>> = {
  customerWrites: 18,
  platformRepeats: 3,
  customerUnsends: 2,
  answerOffer: 24,
  reply: 14,
  finish: 8,
  wrapUp: 8,
  extend: 1,
  snooze: 3,
  reopen: 2,
  read: 3,
  toQueue: 3,
  toAgent: 4,
  retry: 2,
  comes: 10,
  goes: 2,
  providerFails: 1,
}

/** Acts that happen alone: time passes, or an administrator changes the rules. */
export const pauses: Readonly<Record<string, Act>> = {
  moment: ({ hub, chance }) => hub.fake.advance(chance.int(3_000)),
  minute: async ({ hub, ctx, chance }) => {
    hub.fake.jump(chance.int(70_000))
    await sweep(ctx)
  },
  long: async ({ hub, ctx, chance }) => {
    hub.fake.jump(chance.int(15 * 60_000))
    await sweep(ctx)
    await hub.fake.advance(3_000)
  },
  newCapacity: async (world) => {
    const { id } = somebody(world)
    const capacity = world.chance.pick(capacityChoices) ?? { max: {}, weights: {} }
    world.capacities.get(id)?.push(capacity)
    await updateAgent(world.ctx, systemViewer, id, { capacity })
  },
  newSkills: async (world) => {
    const level = world.chance.int(6)
    await updateAgent(world.ctx, systemViewer, somebody(world).id, {
      skills: level === 0 ? [] : [{ skillId: world.centre.skill('tea'), level }],
    })
  },
  newQueues: async (world) => {
    const { chance, centre, queueNames } = world
    await updateAgent(world.ctx, systemViewer, somebody(world).id, {
      queueIds: queueNames.filter(() => chance.next() < 0.6).map((name) => centre.queue(name)),
    })
  },
}

/** Refusals that people may meet; anything else is a fault. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AppError && ['conflict', 'forbidden', 'not_found', 'invalid_input'].includes(error.kind)
}
