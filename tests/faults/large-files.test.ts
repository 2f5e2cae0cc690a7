import { randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import type { UploadTicket, VisitorFile } from '../../src/wire/visitor.ts'
import { visitorSession } from '../realtime/browser.ts'
import { makeCentre } from '../support/centre.ts'
import { publicUrl, startTestHub, type TestHub } from '../support/hub.ts'

const megabyte = 1024 * 1024
const size = 200 * megabyte
/** Far less than the file: what buffers on the way may hold, in this process, which plays both sides. */
const allowedGrowth = 96 * megabyte

/** Watches the memory outside the heap, where bytes on their way are. */
function watchMemory(): () => number {
  const before = process.memoryUsage().arrayBuffers
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers)
  }, 10)
  return () => {
    clearInterval(timer)
    return most - before
  }
}

/** The same megabyte again and again, so that nothing but the way holds bytes. */
function* megabytes(bytes: number): Generator<Buffer> {
  const chunk = randomBytes(megabyte)
  for (let left = bytes; left > 0; left -= chunk.byteLength) yield chunk.subarray(0, Math.min(left, chunk.byteLength))
}

/** Posts a body no faster than it is taken; `fetch` would read ahead. */
async function post(url: string, headers: Record<string, string>, body: Iterable<Buffer>): Promise<{ status: number; text: string }> {
  const request = httpRequest(url, { method: 'POST', headers })
  const answered = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject))
  await pipeline(Readable.from(body, { objectMode: false, highWaterMark: megabyte }), request)
  const answer = await answered
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return { status: answer.statusCode ?? 0, text }
}

describe('a file of 200 MB', () => {
  let hub: TestHub
  beforeAll(async () => {
    hub = await startTestHub()
  })
  afterAll(() => hub?.stop())

  it('passes through in both directions without being held in memory', async () => {
    const { webchatInboxId } = await makeCentre(hub)
    await updateInbox(hub.ctx, systemViewer, webchatInboxId, { config: { maxFileBytes: size } })
    const session = await visitorSession(hub, webchatInboxId)
    const base = `${hub.url}/chat/${webchatInboxId}`
    const headers = { origin: publicUrl, authorization: `Bearer ${session.token}` }
    const asked = await fetch(`${base}/tickets`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'film.mp4', bytes: size }),
    })
    const { ticket } = (await asked.json()) as UploadTicket
    const grownBy = watchMemory()
    const uploadHeaders = { ...headers, 'x-file-name': 'film.mp4', 'content-length': String(size) }
    const answer = await post(`${base}/files/${ticket}`, uploadHeaders, megabytes(size))
    expect(answer.status).toBe(201)
    const up = grownBy()
    const { fileId, bytes } = JSON.parse(answer.text) as VisitorFile
    expect(bytes).toBe(size)
    const shrunkBy = watchMemory()
    const content = await fetch(`${base}/files/${fileId}/content`, { headers })
    let got = 0
    for await (const chunk of content.body ?? []) got += chunk.byteLength
    const down = shrunkBy()
    expect(got).toBe(size)
    expect(Math.max(up, down) / megabyte).toBeLessThan(allowedGrowth / megabyte)
  })
})

describe('a slow sender', () => {
  it('of an upload is given time while it moves; one that stands still, and any other slow body, is cut', async () => {
    const hub = await startTestHub()
    try {
      const { webchatInboxId } = await makeCentre(hub)
      await updateInbox(hub.ctx, systemViewer, webchatInboxId, { config: { maxFileBytes: megabyte } })
      const session = await visitorSession(hub, webchatInboxId)
      const base = `${hub.url}/chat/${webchatInboxId}`
      const headers = { origin: publicUrl, authorization: `Bearer ${session.token}` }
      const ticketFor = async (bytes: number) => {
        const asked = await fetch(`${base}/tickets`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'x', bytes }),
        })
        return ((await asked.json()) as UploadTicket).ticket
      }
      /** Sends a part, waits for `between`, sends the rest. */
      const sendSlowly = (url: string, parts: number, bytesEach: number, between: () => Promise<void>) => {
        let sent = 0
        const body = new ReadableStream<Uint8Array>(
          {
            pull: async (controller) => {
              if (sent > 0) await between()
              controller.enqueue(new Uint8Array(bytesEach).fill(65))
              sent += 1
              if (sent === parts) controller.close()
            },
          },
          { highWaterMark: 0 },
        )
        return fetch(url, { method: 'POST', headers, body, duplex: 'half' })
          .then((response) => response.status)
          .catch(() => 'cut' as const)
      }
      const pass = () => hub.fake.advance(29_000)
      // Real moments let the bytes arrive before the clock moves on.
      const arrive = () => new Promise<void>((resolve) => setTimeout(resolve, 150))
      const moving = sendSlowly(`${base}/files/${await ticketFor(200_000)}`, 5, 40_000, async () => {
        await arrive()
        await pass()
        await arrive()
      })
      expect(await moving).toBe(201)
      const still = sendSlowly(`${base}/files/${await ticketFor(200_000)}`, 3, 100, async () => {
        await arrive()
        await hub.fake.advance(61_000)
        await arrive()
      })
      expect(await still).toBe('cut')
      const other = sendSlowly(`${base}/messages`, 3, 10, async () => {
        await arrive()
        await hub.fake.advance(61_000)
        await arrive()
      })
      expect(await other).toBe('cut')
    } finally {
      await hub.stop()
    }
  })
})
