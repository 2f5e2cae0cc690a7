import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDiskBlobs } from '../../src/adapters/blobs-disk.ts'
import { createEgress } from '../../src/lib/egress.ts'
import { patient, type StandIn, startStandIn } from '../channels/line/stand-in.ts'

const total = 200 * 1024 * 1024
const chunk = Buffer.alloc(64 * 1024, 7)

/** The most that may be held at once on the way from LINE to the disk, bytes: some chunks in flight and what the collector has not met yet. */
const mostHeld = 64 * 1024 * 1024

let server: Server
let folder: string
let platform: StandIn
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onequeue-large-'))
  platform = await startStandIn()
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': total })
    let sent = 0
    const more = (): void => {
      while (sent < total) {
        sent += chunk.length
        if (!response.write(chunk)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await platform.close()
  await rm(folder, { recursive: true, force: true })
})

test('a film of 200 MB goes from LINE to the disk whole, without being held in memory', async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const egress = createEgress({ allowedOrigins: [origin], timeoutMs: 120_000, maxBytes: 300 * 1024 * 1024 })
  const blobs = await openDiskBlobs({ directory: folder, now: Date.now() })
  const session = platform.open({ apiDataBaseUrl: origin }, egress.fetch)
  const media = await session.fetchMedia?.({ messageId: '1' }, patient)
  if (media?.status !== 'ready') throw new Error(`The download is ${media?.status}.`)
  const held = () => process.memoryUsage().heapUsed + process.memoryUsage().external
  const before = held()
  let peak = 0
  const watched = (async function* () {
    for await (const piece of media.body) {
      peak = Math.max(peak, held() - before)
      yield piece
    }
  })()
  const blob = await blobs.put(watched, { maxBytes: 300 * 1024 * 1024 })
  const hash = createHash('sha256')
  for (let sent = 0; sent < total; sent += chunk.length) hash.update(chunk)
  expect(blob).toMatchObject({ bytes: total, sha256: hash.digest('hex') })
  expect(peak).toBeLessThan(mostHeld)
  process.stdout.write(`200 MB: at most ${(peak / 1e6).toFixed(1)} MB held\n`)
  egress.close()
})
