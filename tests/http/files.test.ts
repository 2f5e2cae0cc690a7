import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxUploadBytes } from '../../src/services/files/store-file.ts'
import { outboundParts } from '../../src/services/outbox/outbound-parts.ts'
import type { FileInfo } from '../../src/wire/files.ts'
import type { Message } from '../../src/wire/messages.ts'
import { type Answer, type Api, type Client, problemIn, startApi } from './harness.ts'

let api: Api
let agent: Client
let other: Client
let conversationId: string
beforeAll(async () => {
  api = await startApi({ ROLE: 'web' })
  const queue = await api.queue('Team')
  agent = await api.person('Ann', { queueIds: [queue] })
  other = await api.person('Ben')
  conversationId = await api.receive(await api.inbox('Site', queue), 'customer', 'hello')
})
afterAll(() => api.stop())

/** One white pixel. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64')
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
const html = Buffer.from('<!doctype html><script>alert(1)</script>')

function upload(bytes: Uint8Array, name: string, type = 'application/octet-stream', who = agent): Promise<Answer<FileInfo>> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
  return who.ask<FileInfo>('POST', '/api/v1/files', { rawBody: form })
}

const content = (id: string, who = agent, headers: Record<string, string> = {}) =>
  who.ask('GET', `/api/v1/files/${id}/content`, { headers })
const storedFiles = async () =>
  (await readdir(join(api.hub.ctx.config.dataDir, 'files'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    .length

describe('an upload', () => {
  it('is what its bytes say, whatever its name and sender claim', async () => {
    const picture = await upload(png, 'not-a-picture.exe', 'application/x-msdownload')
    expect(picture.status).toBe(201)
    expect(picture.json).toMatchObject({ mime: 'image/png', kind: 'image', bytes: png.length })
    const page = await upload(html, 'picture.png', 'image/png')
    expect(page.json).toMatchObject({ mime: 'application/octet-stream', kind: 'file' })
    expect((await upload(svg, 'drawing.svg', 'image/svg+xml')).json.kind).toBe('file')
  })

  it('keeps a name that is safe to show and to save', async () => {
    const names: readonly (readonly [string, RegExp])[] = [
      ['../../../etc/passwd', /^passwd$/],
      ['..\\..\\boot.ini', /^boot\.ini$/],
      ['invoice\u202Efdp.exe', /^invoicefdp\.exe$/],
      ['zero\u200Bwidth.txt', /^zerowidth\.txt$/],
      ['.htaccess', /^htaccess$/],
      ['  spaces .txt', /^spaces \.txt$/],
      ['請款單 2026.pdf', /^請款單 2026\.pdf$/],
      [`${'長'.repeat(300)}.png`, /^長{1,65}\.png$/],
      ['CON|<>:"?*.txt', /^CON\.txt$/],
      ['e\u0301.txt', /^é\.txt$/u],
    ]
    for (const [name, clean] of names) {
      const { json } = await upload(png, name)
      expect(json.name, name).toMatch(clean)
      expect(Buffer.byteLength(json.name)).toBeLessThanOrEqual(200)
      const disposition = (await content(json.id)).headers.get('content-disposition') ?? ''
      expect(disposition).toMatch(/^inline; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%-]+$/)
      expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe(json.name)
    }
  })

  it('is refused when it is empty, missing, in another field, or one of several', async () => {
    expect(problemIn(await upload(Buffer.alloc(0), 'empty.txt')).code).toBe('empty_file')
    const send = (build: (form: FormData) => void) => {
      const form = new FormData()
      build(form)
      return agent.ask('POST', '/api/v1/files', { rawBody: form })
    }
    const blob = new Blob([new Uint8Array(png)])
    expect(problemIn(await send((form) => form.set('other', 'text'))).fields?.[0]?.path).toBe('file')
    expect(problemIn(await send((form) => form.set('picture', blob, 'a.png'))).status).toBe(400)
    const two = await send((form) => {
      form.append('file', blob, 'a.png')
      form.append('file', blob, 'b.png')
    })
    expect(two.status).toBe(400)
    expect((await agent.post('/api/v1/files', { file: 'text' })).status).toBe(400)
  })

  it('leaves nothing behind when it breaks off or is too large', async () => {
    const before = await storedFiles()
    const url = new URL(`${api.hub.url}/api/v1/files`)
    const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    const headers = { cookie: agent.cookie, 'x-csrf-token': agent.csrfToken, 'content-type': 'multipart/form-data; boundary=x' }
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((resolve) => {
        const request = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': 1_000_000 } })
        request.on('error', () => resolve())
        request.write(head + 'y'.repeat(50_000), () => setImmediate(() => request.destroy(new Error('gone'))))
      })
    }
    const send = (more: Record<string, string | number>, bytes: number) =>
      new Promise<number>((resolve, reject) => {
        const request = httpRequest(url, { method: 'POST', headers: { ...headers, ...more } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
        request.on('error', reject)
        request.write(head)
        const piece = Buffer.alloc(4 * 1024 * 1024)
        let sent = 0
        const next = (): void => {
          if (sent >= bytes) return void request.end()
          sent += piece.length
          request.write(piece, next)
        }
        next()
      })
    // The answer does not wait for bytes that were only announced; they never come here.
    const announced = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': maxUploadBytes * 2 } }, (answer) => {
        resolve(answer.statusCode ?? 0)
        request.destroy()
      })
      request.on('error', reject)
      request.write(head)
    })
    expect(announced).toBe(413)
    expect(await send({}, maxUploadBytes + 1)).toBe(413)
    await expect.poll(storedFiles).toBe(before)
    expect(await api.hub.ctx.store.db.select().from(api.hub.ctx.store.t.files)).toHaveLength(before)
  }, 120_000)
})

describe('the bytes', () => {
  it('come as they were, with headers that let nothing run', async () => {
    const { json: picture } = await upload(png, 'pixel.png')
    const { json: page } = await upload(html, 'page.html', 'text/html')
    const shown = await content(picture.id)
    expect(shown.headers.get('content-type')).toBe('image/png')
    const saved = await content(page.id)
    expect(saved.headers.get('content-type')).toBe('application/octet-stream')
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename="page\.html"/)
    expect(saved.text).toBe(html.toString())
    for (const { headers } of [shown, saved]) {
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  })

  it('come in ranges', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251))
    const { json: file } = await upload(bytes, 'data.bin')
    const part = async (range: string) => {
      const answer = await fetch(`${api.hub.url}/api/v1/files/${file.id}/content`, { headers: { cookie: agent.cookie, range } })
      return {
        status: answer.status,
        range: answer.headers.get('content-range'),
        hash: createHash('sha256')
          .update(Buffer.from(await answer.arrayBuffer()))
          .digest('hex'),
      }
    }
    const hash = (from: number, to: number) => createHash('sha256').update(bytes.subarray(from, to)).digest('hex')
    expect(await part('bytes=0-99')).toEqual({ status: 206, range: 'bytes 0-99/1000', hash: hash(0, 100) })
    expect(await part('bytes=900-')).toEqual({ status: 206, range: 'bytes 900-999/1000', hash: hash(900, 1_000) })
    expect(await part('bytes=-10')).toEqual({ status: 206, range: 'bytes 990-999/1000', hash: hash(990, 1_000) })
    expect(await part('bytes=0-1,5-6')).toEqual({ status: 200, range: null, hash: hash(0, 1_000) })
    expect(await part('lines=1-2')).toEqual({ status: 200, range: null, hash: hash(0, 1_000) })
    expect(await part('bytes=2000-')).toMatchObject({ status: 416, range: 'bytes */1000' })
    const head = await agent.ask('HEAD', `/api/v1/files/${file.id}/content`)
    expect(head.headers.get('content-length')).toBe('1000')
    expect(head.headers.get('accept-ranges')).toBe('bytes')
  })

  it('are their uploader’s alone until a message carries them, then whoever sees the conversation', async () => {
    const { json: file } = await upload(png, 'shared.png')
    const { json: colleagueOfTeam } = await agent.get<{ queueIds: string[] }>(`/api/v1/agents/${agent.agentId}`)
    const colleague = await api.person('Cleo', { queueIds: colleagueOfTeam.queueIds })
    expect((await content(file.id)).status).toBe(200)
    expect((await content(file.id, colleague)).status).toBe(404)
    const note = await agent.post<Message>(`/api/v1/conversations/${conversationId}/messages`, {
      clientId: 'file-note-1',
      kind: 'note',
      parts: [{ type: 'file', fileId: file.id }],
    })
    expect(note.status).toBe(201)
    expect((await content(file.id, colleague)).status).toBe(200)
    expect((await content(file.id, other)).status).toBe(404)
  })

  it('are served to providers by an address that cannot be guessed', async () => {
    const { json: file } = await upload(png, 'for LINE 圖.png')
    const part = {
      type: 'media',
      kind: 'image',
      fileId: file.id,
      name: file.name,
      mime: file.mime,
      bytes: file.bytes,
      state: 'ready',
    } as const
    const [sent] = await outboundParts(api.hub.ctx, { parts: [part] })
    const url = sent?.type === 'media' ? new URL(sent.url) : null
    expect(url?.pathname).toMatch(/^\/media\/[\w-]{43}\//)
    const answer = await api.stranger.get(url?.pathname ?? '')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect((await api.stranger.get(`/media/${file.id}/x.png`)).status).toBe(404)
    expect((await api.stranger.get('/media/null/x.png')).status).toBe(404)
  })
})
