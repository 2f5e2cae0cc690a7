import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpApp, type HttpDeps } from '../../src/http/app.ts'
import { metricsListener } from '../../src/http/metrics.ts'
import { limitKeyOfIp } from '../../src/lib/ip-key.ts'
import { type Api, startApi } from './harness.ts'

const sources = { tailedSeq: () => null, pendingMigrations: async () => 0 }
const servers: Server[] = []

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Asks for a path exactly as it stands; `fetch` would tidy it first. */
function ask(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const sent = request({ hostname, port, path, headers }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString(), headers: answer.headers }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

let api: Api
beforeAll(async () => {
  api = await startApi({ ROLE: 'web' })
})
afterAll(async () => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  await api.stop()
})

describe('the console', () => {
  let directory: string
  let url: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onequeue-console-'))
    await mkdir(join(directory, 'ui', 'assets'), { recursive: true })
    await writeFile(join(directory, 'ui', 'index.html'), '<!doctype html><title>the console</title>')
    await writeFile(join(directory, 'ui', 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(join(directory, 'ui', 'assets', 'main-1a2b3c.js'), `console.log("${'x'.repeat(5_000)}")`)
    await writeFile(join(directory, 'secret.txt'), 'CANARY outside')
    url = await serve(createHttpApp(api.hub.ctx, { ...sources, consoleDir: join(directory, 'ui') }).app)
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('is every page that is no file, never kept', async () => {
    for (const path of ['/', '/inbox', '/inbox/0197c2a4?x=1', '/welcome', '/deep/er/page']) {
      const page = await ask(url, path)
      expect(page, path).toMatchObject({
        status: 200,
        headers: { 'cache-control': 'no-cache', 'content-type': expect.stringMatching(/^text\/html/) },
      })
      expect(page.text).toContain('the console')
    }
  })

  it('keeps hashed files for good, packed', async () => {
    const file = await ask(url, '/assets/main-1a2b3c.js', { 'accept-encoding': 'gzip' })
    expect(file).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'public, max-age=31536000, immutable', 'content-encoding': 'gzip' },
    })
    expect((await ask(url, '/favicon.svg')).headers['content-type']).toBe('image/svg+xml')
  })

  it('answers with problems for files that are not there and addresses of other parts', async () => {
    for (const path of [
      '/assets/old-9z.js',
      '/missing.png',
      '/index.html.bak',
      '/api',
      '/api/v2/agents',
      '/webhooks',
      '/sandbox',
      '/socket.io',
    ]) {
      expect(await ask(url, path), path).toMatchObject({
        status: 404,
        headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) },
      })
    }
  })

  it('shows nothing outside its folder, and leads nowhere else', async () => {
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/..\\secret.txt',
      '/assets/%00',
      '//evil.test/%2e%2e',
      '/\\evil.test',
      '/assets',
    ]
    for (const path of paths) {
      const answer = await ask(url, path)
      expect(answer.text, path).not.toContain('CANARY')
      expect(answer.headers['location'], path).toBeUndefined()
      expect(answer.status, path).toBeLessThan(500)
    }
  })

  it('says what to do when it is not built', async () => {
    const bare = await serve(createHttpApp(api.hub.ctx, { ...sources, consoleDir: join(directory, 'nowhere') }).app)
    const page = await ask(bare, '/')
    expect(page.status).toBe(503)
    expect(page.text).toContain('npm run build')
  })
})

describe('addresses behind a proxy', () => {
  const statuses = async (url: string, forwarded: readonly string[]) => {
    const seen: number[] = []
    for (const address of forwarded)
      seen.push(
        (await ask(url, '/api/v1/session', { 'x-forwarded-for': address, 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' }))
          .status,
      )
    return seen
  }
  const limits: HttpDeps['limits'] = { perStranger: 2 }

  it('are believed from a trusted proxy only', async () => {
    const direct = await startApi({ ROLE: 'web' })
    const directUrl = await serve(createHttpApp(direct.hub.ctx, { ...sources, limits }).app)
    expect(await statuses(directUrl, ['1.1.1.1', '2.2.2.2', '3.3.3.3'])).toEqual([401, 401, 429])
    await direct.stop()
    const proxied = await startApi({ ROLE: 'web', TRUST_PROXY: '1' })
    const proxiedUrl = await serve(createHttpApp(proxied.hub.ctx, { ...sources, limits }).app)
    expect(await statuses(proxiedUrl, ['1.1.1.1', '2.2.2.2', '3.3.3.3'])).toEqual([401, 401, 401])
    expect(await statuses(proxiedUrl, ['9.9.9.9, 4.4.4.4', '8.8.8.8, 4.4.4.4', '7.7.7.7, 4.4.4.4'])).toEqual([401, 401, 429])
    await proxied.stop()
  })

  it('count by subscriber: an IPv4 address, an IPv6 /64', () => {
    expect(limitKeyOfIp('203.0.113.7')).toBe('203.0.113.7')
    expect(limitKeyOfIp('::ffff:203.0.113.7')).toBe('203.0.113.7')
    expect(limitKeyOfIp('2001:db8:0:1::1')).toBe(limitKeyOfIp('2001:0db8::1:ffff:0:0:2'))
    expect(limitKeyOfIp('2001:db8:0:1::1')).not.toBe(limitKeyOfIp('2001:db8:0:2::1'))
    expect(limitKeyOfIp('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
    expect(limitKeyOfIp('::1')).toBe('0:0:0:0::/64')
  })
})

describe('metrics with a port of their own', () => {
  it('are served there and not beside the API', async () => {
    const ctx = { ...api.hub.ctx, config: { ...api.hub.ctx.config, metricsPort: 9464 } }
    const { app, metrics, declared } = createHttpApp(ctx, sources)
    expect(declared.some(({ path }) => path === '/metrics')).toBe(false)
    expect((await ask(await serve(app), '/metrics')).status).toBe(404)
    const url = await serve(metricsListener(metrics))
    expect((await ask(url, '/metrics')).text).toContain('onequeue_event_seq')
    expect((await ask(url, '/')).status).toBe(404)
  })
})
