import { eq } from 'drizzle-orm'
import type { LineSandboxUser } from '../../channels/line/sandbox.ts'
import { sweep } from '../../src/jobs/sweep.ts'
import { newId } from '../../src/lib/ids.ts'
import type { SendError } from '../../src/wire/messages.ts'
import type { OutboxStatus } from '../../src/wire/words.ts'
import { type AgentConsole, agentSocket } from './agent-client.ts'
import { type Centre, type CentreOptions, makeCentre } from './centre.ts'
import type { TestHub } from './hub.ts'
import { until } from './until.ts'

/** An agent and a customer on LINE who talk. */
export interface Talk {
  readonly centre: Centre
  readonly ann: AgentConsole
  readonly chen: LineSandboxUser
  readonly conversationId: string
  /** The agent answers; gives the message's id. */
  answer(text: string, clientId?: string): Promise<string>
  /** The texts the customer has on their phone from the account, in order. */
  shown(): string[]
  close(): void
}

/** Makes a centre whose agent "ann" has accepted a customer's conversation. */
export async function talk(hub: TestHub, options: CentreOptions = {}): Promise<Talk> {
  const centre = await makeCentre(hub, options)
  const ann = await agentSocket(hub, centre.agent('ann'))
  await ann.goAvailable()
  const chen = centre.customer()
  await chen.sendText('hello')
  const conversationId = await ann.acceptNext()
  return {
    centre,
    ann,
    chen,
    conversationId,
    answer: async (text, clientId = newId()) => {
      const { message } = await ann.ask('message.send', { conversationId, clientId, parts: [{ type: 'text', text }] })
      return message.id
    },
    shown: () =>
      centre.line.account
        .thread(chen.userId)
        .entries.filter(({ from }) => from === 'account')
        .map(({ message }) => String(message['text'])),
    close: () => ann.close(),
  }
}

/** How an outgoing message stands. */
export interface Standing {
  readonly status: OutboxStatus
  readonly error: SendError | null
  readonly attempts: number
  readonly retryKey: string
  readonly nextAttemptAt: number | null
}

/** How the sending of a message stands in the outbox. */
export async function standingOf({ ctx: { store } }: TestHub, messageId: string): Promise<Standing> {
  const { outbox } = store.t
  const [item] = await store.db.select().from(outbox).where(eq(outbox.messageId, messageId))
  if (item === undefined) throw new Error(`The message ${messageId} is in no outbox.`)
  return item
}

/** Waits until the sending of a message stands as told. */
export async function becomes(hub: TestHub, messageId: string, status: OutboxStatus): Promise<Standing> {
  return until(`the message is ${status}`, async () => {
    const standing = await standingOf(hub, messageId)
    return standing.status === status ? standing : null
  })
}

/** How far `passTime` lets timers run, milliseconds: the router's lease and the hub's own sweeps get their turns. */
const runMs = 4_000

/** Lets a long time pass at once: the clock is set forward, and all that is due by then is done before this returns. */
export async function passTime({ ctx, fake }: TestHub, ms: number): Promise<void> {
  fake.jump(Math.max(0, ms - runMs))
  await fake.advance(Math.min(ms, runMs))
  await sweep(ctx)
}

/** Moves time on in steps until something has come about; what runs beside the clock gets its turn between them. */
export async function advanceUntil<T>(
  hub: TestHub,
  what: string,
  stepMs: number,
  holds: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  return until(what, async () => {
    const value = await holds()
    if (value !== false && value !== null && value !== undefined) return value
    await passTime(hub, stepMs)
    return null
  })
}
