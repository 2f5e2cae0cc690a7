import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Spread, spreadOf } from './percentiles.ts'
import { GetSocket } from './raw-get.ts'

/** Pages to be fetched one after another. */
export interface PagesInput {
  readonly port: number
  readonly token: string
  readonly path: string
  readonly count: number
  /** Rows that each page must have. */
  readonly rows: number
}

const pageSchema = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })

/** Fetches the first page `count` times by one kept-alive connection. @throws Error for an answer that is no full page. */
export async function fetchPages({ port, token, path, count, rows }: PagesInput): Promise<Spread> {
  const socket = new GetSocket(port, { authorization: `Bearer ${token}` })
  const tookMs: number[] = []
  for (let i = 0; i < count + 20; i++) {
    const startedMs = performance.now()
    const { status, body } = await socket.get(path)
    const took = performance.now() - startedMs
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${body.toString('utf8').slice(0, 300)}`)
    const { items } = pageSchema.parse(JSON.parse(body.toString('utf8')))
    if (items.length !== rows) throw new Error(`${path} gave ${items.length} rows instead of ${rows}.`)
    // The first ones warm up caches and compiler.
    if (i >= 20) tookMs.push(took)
    await sleep(5)
  }
  socket.close()
  return spreadOf(tookMs)
}
