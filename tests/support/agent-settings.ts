import { eq } from 'drizzle-orm'
import type { ChannelId } from '../../src/wire/words.ts'
import type { TestHub } from './hub.ts'

/** Lets an agent's offers on some channels count as accepted as soon as they are made. */
export async function updateAgentAutoAccept({ ctx: { store } }: TestHub, agentId: string, autoAccept: ChannelId[]): Promise<void> {
  await store.tx(async (tx) => {
    await tx.db.update(tx.t.agents).set({ autoAccept }).where(eq(tx.t.agents.id, agentId))
  })
}
