import { createHmac, timingSafeEqual } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Spread, spreadOf } from './percentiles.ts'

/** Appends that are each synced before the next. */
export interface SyncInput {
  readonly folder: string
  readonly measureMs: number
  /** Of one append. */
  readonly bytes: number
}

/** How many synced appends the disk takes in a second, and how long each takes, milliseconds. */
export async function measureSync({ folder, measureMs, bytes }: SyncInput): Promise<{ rate: number; latency: Spread }> {
  const file = openSync(join(folder, `appends-${bytes}`), 'w')
  const record = Buffer.alloc(bytes, 'x')
  const took: number[] = []
  const startMs = performance.now()
  for (let nowMs = startMs; nowMs - startMs < measureMs; ) {
    writeSync(file, record)
    fdatasyncSync(file)
    const doneMs = performance.now()
    took.push(doneMs - nowMs)
    nowMs = doneMs
  }
  closeSync(file)
  return { rate: (took.length * 1_000) / (performance.now() - startMs), latency: spreadOf(took) }
}

/** Serves what the fastest webhook listener on node could be: it reads a body, checks its signature and answers. @returns its port. */
export async function serveSignatureCheck({ channelSecret }: { channelSecret: string }): Promise<number> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const expected = createHmac('sha256', channelSecret).update(Buffer.concat(chunks)).digest()
      const given = Buffer.from(String(req.headers['x-line-signature']), 'base64')
      const fits = given.length === expected.length && timingSafeEqual(given, expected)
      res.writeHead(fits ? 200 : 403, { 'content-length': 0 })
      res.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
