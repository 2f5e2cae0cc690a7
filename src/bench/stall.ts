import { setTimeout as sleep } from 'node:timers/promises'
import { type Listener, listen } from './fleet.ts'

/** One agent's picture of the conversations, kept from events alone. */
interface Picture {
  readonly listener: Listener
  /** Conversation id → number of its messages. */
  readonly messages: Map<string, number>
}

let picture: Picture | null = null

/** Connects the one agent of this process. */
export async function startPicture({ port, token }: { port: number; token: string }): Promise<void> {
  const messages = new Map<string, number>()
  const onConversation = ({ conversation }: { conversation: { id: string; messageCount: number } }) =>
    void messages.set(conversation.id, Math.max(conversation.messageCount, messages.get(conversation.id) ?? 0))
  picture = { listener: await listen({ port, token, onConversation }), messages }
}

/** Waits until the server has told everything up to `seq`. @returns what it knows, and whether it was in time. */
export async function readPicture({ seq, limitMs }: { seq: number; limitMs: number }) {
  if (picture === null) throw new Error('The agent is not connected.')
  const { listener, messages } = picture
  const until = performance.now() + limitMs
  while (listener.toldUpTo < seq && performance.now() < until) await sleep(2)
  const { toldUpTo, connects, resyncs } = listener
  return { inStep: toldUpTo >= seq, connects, resyncs, messages: [...messages] }
}
