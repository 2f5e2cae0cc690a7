import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Spread, spreadOf } from './percentiles.ts'
import { GetSocket } from './raw-get.ts'

/** Searches to be asked one after another. */
export interface SearchesInput {
  readonly port: number
  readonly token: string
  readonly q: string
  readonly count: number
  /** Hits that each answer must have at least. */
  readonly hits: number
}

const answerSchema = z.object({
  messages: z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() }),
  complete: z.boolean(),
})
const warmUps = 10

/** Asks for the first page `count` times by one kept-alive connection. @throws Error for an answer with too few hits. */
export async function askSearches({ port, token, q, count, hits }: SearchesInput): Promise<Spread> {
  const socket = new GetSocket(port, { authorization: `Bearer ${token}` })
  const path = `/api/v1/search?in=messages&limit=20&q=${encodeURIComponent(q)}`
  const tookMs: number[] = []
  for (let i = 0; i < count + warmUps; i++) {
    const startedMs = performance.now()
    const { status, body } = await socket.get(path)
    const took = performance.now() - startedMs
    if (status !== 200) throw new Error(`The search was answered with ${status}: ${body.toString('utf8').slice(0, 300)}`)
    const { messages, complete } = answerSchema.parse(JSON.parse(body.toString('utf8')))
    if (!complete) throw new Error('The index is not complete.')
    if (messages.items.length < hits) throw new Error(`"${q}" found ${messages.items.length} instead of ${hits}.`)
    if (i >= warmUps) tookMs.push(took)
    await sleep(5)
  }
  socket.close()
  return spreadOf(tookMs)
}
