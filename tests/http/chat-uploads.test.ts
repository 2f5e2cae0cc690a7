import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../../src/wire/errors.ts'
import type { UploadTicket, VisitorFile, VisitorSession } from '../../src/wire/visitor.ts'
import { visitorSession } from '../realtime/browser.ts'
import { makeCentre } from '../support/centre.ts'
import { publicUrl, startTestHub, type TestHub } from '../support/hub.ts'

/** A JPEG's segment with its two length bytes. */
const segment = (marker: number, body: Buffer) => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(0xff00 | marker, 0)
  head.writeUInt16BE(body.byteLength + 2, 2)
  return Buffer.concat([head, body])
}
/** Exif with one entry for the orientation and words that stand for a place. */
const exif = (orientation: number) => {
  const tiff = Buffer.alloc(26)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(0x0112, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(orientation, 18)
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from('GPS-CANARY 25.03N 121.56E')]))
}
const frame = (width: number, height: number) => {
  const body = Buffer.alloc(15)
  body[0] = 8
  body.writeUInt16BE(height, 1)
  body.writeUInt16BE(width, 3)
  body[5] = 3
  return segment(0xc0, body)
}
const jpeg = (orientation: number) =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    exif(orientation),
    frame(64, 48),
    segment(0xda, Buffer.alloc(10)),
    Buffer.from('pixels'.repeat(50)),
    Buffer.from([0xff, 0xd9]),
  ])
const pngOf = (width: number, height: number) => {
  const ihdr = Buffer.alloc(25)
  ihdr.writeUInt32BE(13, 0)
  ihdr.write('IHDR', 4, 'latin1')
  ihdr.writeUInt32BE(width, 8)
  ihdr.writeUInt32BE(height, 12)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ihdr, Buffer.alloc(64)])
}

interface Shop {
  readonly hub: TestHub
  readonly inboxId: string
  readonly session: VisitorSession
}

async function open(env: Record<string, string> = {}): Promise<Shop> {
  const hub = await startTestHub({ env })
  const { webchatInboxId: inboxId } = await makeCentre(hub)
  return { hub, inboxId, session: await visitorSession(hub, inboxId) }
}

async function upload({ hub, inboxId, session }: Shop, body: Buffer): Promise<Response> {
  const base = `${hub.url}/chat/${inboxId}`
  const headers = { origin: publicUrl, authorization: `Bearer ${session.token}` }
  const asked = await fetch(`${base}/tickets`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'x', bytes: body.byteLength }),
  })
  const { ticket } = (await asked.json()) as UploadTicket
  return fetch(`${base}/files/${ticket}`, { method: 'POST', headers: { ...headers, 'x-file-name': 'x' }, body: new Uint8Array(body) })
}

async function contentOf({ hub, inboxId, session }: Shop, answer: Response): Promise<Buffer> {
  const { fileId } = (await answer.json()) as VisitorFile
  const content = await fetch(`${hub.url}/chat/${inboxId}/files/${fileId}/content`, {
    headers: { authorization: `Bearer ${session.token}` },
  })
  return Buffer.from(await content.arrayBuffer())
}

const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Problem).code]
const filesOf = async ({ hub }: Shop) => hub.ctx.store.db.select().from(hub.ctx.store.t.files)

describe('a picture from a visitor', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await open()
  })
  afterAll(() => shop?.hub.stop())

  it.each([1, 3, 6, 8])('loses what it tells of its owner, and stays upright (%i)', async (orientation) => {
    const given = jpeg(orientation)
    const kept = await contentOf(shop, await upload(shop, given))
    expect(kept.toString('latin1')).not.toContain('GPS-CANARY')
    expect(kept.toString('latin1')).toContain('pixelspixels')
    const at = kept.indexOf(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1]))
    expect(at < 0 ? 1 : kept.readUInt16BE(at + 8)).toBe(orientation)
    expect(kept.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]))
  })

  it('that says it has a billion pixels is refused', async () => {
    const before = (await filesOf(shop)).length
    expect(await codeOf(await upload(shop, pngOf(40_000, 40_000)))).toEqual([400, 'too_many_pixels'])
    expect(await filesOf(shop)).toHaveLength(before)
    expect((await upload(shop, pngOf(400, 400))).status).toBe(201)
  })
})

describe('a judge of files', () => {
  it('that is a program: what it finds harmful is not taken, and nobody can name it', async () => {
    const shop = await open({ SCAN_COMMAND: 'grep -q -v -z HARMFUL' })
    try {
      expect((await upload(shop, Buffer.from('harmless'))).status).toBe(201)
      expect(await codeOf(await upload(shop, Buffer.from('this is HARMFUL')))).toEqual([400, 'file_blocked'])
      expect(await filesOf(shop)).toHaveLength(1)
    } finally {
      await shop.hub.stop()
    }
  })

  it('that cannot be asked takes nothing through', async () => {
    const shop = await open({ SCAN_COMMAND: '/nonexistent/scanner -' })
    try {
      expect((await upload(shop, Buffer.from('harmless'))).status).toBe(503)
      expect(await filesOf(shop)).toEqual([])
    } finally {
      await shop.hub.stop()
    }
  })

  it('that is a service: 2xx is clean, 422 harmful, anything else no judgement', async () => {
    const asked: string[] = []
    let status = 200
    const judge: Server = createServer((request, response) => {
      let body = ''
      request
        .on('data', (chunk: Buffer) => (body += chunk.toString()))
        .on('end', () => {
          asked.push(body)
          response.writeHead(status).end('Eicar')
        })
    })
    await new Promise<void>((resolve) => judge.listen(0, '127.0.0.1', resolve))
    const shop = await open({ SCAN_URL: `http://127.0.0.1:${(judge.address() as AddressInfo).port}/scan` })
    try {
      expect((await upload(shop, Buffer.from('one'))).status).toBe(201)
      status = 422
      expect(await codeOf(await upload(shop, Buffer.from('two')))).toEqual([400, 'file_blocked'])
      status = 500
      expect((await upload(shop, Buffer.from('three'))).status).toBe(503)
      expect(asked).toEqual(['one', 'two', 'three'])
      expect(await filesOf(shop)).toHaveLength(1)
    } finally {
      await shop.hub.stop()
      judge.close()
    }
  })
})
