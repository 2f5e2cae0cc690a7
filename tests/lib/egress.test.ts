import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createEgress, type EgressOptions, type Fetch } from '../../src/lib/egress.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(handle: RequestListener): Promise<{ origin: string; port: number; server: Server }> {
  const server = createServer(handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.')
  return { origin: `http://127.0.0.1:${address.port}`, port: address.port, server }
}

function open(options: EgressOptions): Fetch {
  const egress = createEgress(options)
  closers.push(egress.close)
  return egress.fetch
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}

describe('a request to an allowed origin', () => {
  test('carries method, headers and body, and gives back status, headers and body', async () => {
    const { origin } = await serve(async (request, response) => {
      const said = {
        method: request.method,
        url: request.url,
        body: await textOf(request),
        key: request.headers['x-line-retry-key'],
        length: request.headers['content-length'],
      }
      response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] }).end(JSON.stringify(said))
    })
    const fetch = open({ allowedOrigins: [origin] })
    const answer = await fetch(`${origin}/v2/push?x=1`, {
      method: 'POST',
      headers: { 'X-Line-Retry-Key': 'k' },
      body: '{"text":"嗨"}',
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await answer.json()).toEqual({
      method: 'POST',
      url: '/v2/push?x=1',
      body: '{"text":"嗨"}',
      key: 'k',
      length: '14',
    })
  })

  test('takes a Request, form data and a stream as body', async () => {
    const { origin } = await serve(async (request, response) =>
      response.end(`${request.headers['content-type'] ?? ''} ${await textOf(request)}`),
    )
    const fetch = open({ allowedOrigins: [origin] })
    const form = await fetch(new Request(origin, { method: 'POST', body: new URLSearchParams({ To: '+1 2' }) }))
    expect(await form.text()).toBe('application/x-www-form-urlencoded;charset=UTF-8 To=%2B1+2')
    const stream = await fetch(origin, { method: 'PUT', body: new Blob(['ab', 'c']).stream(), duplex: 'half' })
    expect(await stream.text()).toBe(' abc')
  })

  test.each([204, 304])('status %i has no body', async (status) => {
    const { origin } = await serve((_request, response) => response.writeHead(status).end())
    const answer = await open({ allowedOrigins: [origin] })(origin)
    expect([answer.status, answer.body]).toEqual([status, null])
  })

  test('a HEAD answer has no body, and the connection serves the next request', async () => {
    const { origin } = await serve((request, response) =>
      response.writeHead(200, { 'content-length': '5' }).end(request.method === 'HEAD' ? '' : 'hello'),
    )
    const fetch = open({ allowedOrigins: [origin] })
    const head = await fetch(origin, { method: 'HEAD' })
    expect([head.headers.get('content-length'), head.body]).toEqual(['5', null])
    expect(await (await fetch(origin)).text()).toBe('hello')
  })

  test('an error status is an answer, not an error', async () => {
    const { origin } = await serve((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'))
    const answer = await open({ allowedOrigins: [origin] })(origin)
    expect([answer.ok, answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([false, 429, '7', 'slow down'])
  })

  test('a body compressed without being asked for is decoded', async () => {
    const { origin } = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(`asked for ${request.headers['accept-encoding']}`))
    })
    const answer = await open({ allowedOrigins: [origin] })(origin)
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(await answer.text()).toBe('asked for identity')
  })
})

describe('addresses that may not be reached', () => {
  const hits: string[] = []
  const listen = (): Promise<{ origin: string; port: number }> =>
    serve((request, response) => {
      hits.push(request.headers.host ?? '')
      response.end('secret')
    })

  test.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[::]', '0.0.0.0'])(
    'this machine as %s',
    async (host) => {
      const { port } = await listen()
      await expect(open({})(`http://${host}:${port}/`)).rejects.toMatchObject({ kind: 'invalid_input' })
      expect(hits).toEqual([])
    },
  )

  test.each([
    '10.0.0.1',
    '172.16.5.4',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '[fe80::1]',
    '[fd00::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[ff02::1]',
    '224.0.0.1',
    '255.255.255.255',
  ])('the private address %s', async (host) => {
    await expect(open({})(`http://${host}/`)).rejects.toMatchObject({ kind: 'invalid_input' })
  })

  test('a name that leads to a private address, alone or beside a public one', async () => {
    const { port } = await listen()
    const inside = { address: '127.0.0.1', family: 4 }
    const alone = open({ resolve: async () => [inside] })
    await expect(alone(`http://shop.test:${port}/`)).rejects.toMatchObject({ kind: 'invalid_input' })
    const beside = open({ resolve: async () => [{ address: '93.184.216.34', family: 4 }, inside] })
    await expect(beside(`http://shop.test:${port}/`)).rejects.toMatchObject({ kind: 'invalid_input' })
    expect(hits).toEqual([])
  })

  test('a name is asked for once, so it cannot change between check and connection', async () => {
    const { port } = await listen()
    let asked = 0
    const rebinding = open({
      timeoutMs: 300,
      resolve: async () => [{ address: (asked += 1) === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }],
    })
    await expect(rebinding(`http://shop.test:${port}/`)).rejects.toMatchObject({ kind: 'invalid_input' })
    expect([asked, hits]).toEqual([1, []])
  })

  test('another port or scheme of an allowed origin', async () => {
    const { origin, port } = await listen()
    const fetch = open({ allowedOrigins: [`http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`] })
    await expect(fetch(origin)).rejects.toMatchObject({ kind: 'invalid_input' })
    expect(hits).toEqual([])
  })

  test.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:,x',
    'http://user:word@example.com/',
    'http://example.com:22/',
    'https://example.com:25/',
  ])('the address %s', async (url) => {
    const failure: unknown = await open({})(url).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    if (!(failure instanceof TypeError)) expect(failure).toMatchObject({ kind: 'invalid_input' })
  })

  test('an origin that is allowed later is reached from then on', async () => {
    const { origin } = await serve((_request, response) => response.end('open'))
    const allowedOrigins: string[] = []
    const fetch = open({ allowedOrigins })
    await expect(fetch(origin)).rejects.toMatchObject({ kind: 'invalid_input' })
    allowedOrigins.push(origin)
    expect(await (await fetch(origin)).text()).toBe('open')
  })

  test('a redirect to one, when redirects are followed', async () => {
    const inner = await listen()
    const outer = await serve((_request, response) => response.writeHead(302, { location: inner.origin }).end())
    const fetch = open({ allowedOrigins: [outer.origin], maxRedirects: 3 })
    await expect(fetch(outer.origin)).rejects.toMatchObject({ kind: 'invalid_input' })
    expect(hits).toEqual([])
  })
})

describe('redirects', () => {
  test('are returned, not followed, unless told to', async () => {
    const { origin } = await serve((_request, response) => response.writeHead(302, { location: '/next' }).end('moved'))
    const answer = await open({ allowedOrigins: [origin] })(origin)
    expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([302, '/next', 'moved'])
  })

  test('are followed up to the limit, and credentials stay at their origin', async () => {
    const last = await serve((request, response) =>
      response.end(JSON.stringify([request.headers.authorization ?? null, request.headers['x-own'] ?? null])),
    )
    const first = await serve((request, response) => {
      const location = request.url === '/a' ? '/b' : `${last.origin}/c`
      response.writeHead(307, { location }).end(request.headers.authorization)
    })
    const options = { allowedOrigins: [first.origin, last.origin] }
    const headers = { authorization: 'Bearer canary', 'x-own': 'kept' }
    const followed = await open({ ...options, maxRedirects: 2 })(`${first.origin}/a`, { headers })
    expect(await followed.json()).toEqual([null, 'kept'])
    const cut = await open({ ...options, maxRedirects: 1 })(`${first.origin}/a`, { headers })
    expect(cut.status).toBe(307)
  })

  test('of a POST are returned', async () => {
    const { origin } = await serve((_request, response) => response.writeHead(308, { location: '/next' }).end())
    const answer = await open({ allowedOrigins: [origin], maxRedirects: 2 })(origin, { method: 'POST', body: 'x' })
    expect(answer.status).toBe(308)
  })
})

describe('limits', () => {
  test('of time, before the answer', async () => {
    const { origin } = await serve(() => undefined)
    const late = open({ allowedOrigins: [origin], timeoutMs: 100 })(origin)
    await expect(late).rejects.toMatchObject({
      kind: 'provider_unavailable',
      message: expect.stringContaining('in time'),
    })
  })

  test('of time, within a body that trickles', async () => {
    const { origin } = await serve((_request, response) => {
      response.write('x')
      const trickle = setInterval(() => response.write('x'), 10)
      response.once('close', () => clearInterval(trickle))
    })
    const answer = await open({ allowedOrigins: [origin], timeoutMs: 200 })(origin)
    await expect(answer.text()).rejects.toMatchObject({
      kind: 'provider_unavailable',
      message: expect.stringContaining('too long'),
    })
  })

  test('of size, declared', async () => {
    const { origin } = await serve((_request, response) => response.end(Buffer.alloc(1_001)))
    await expect(open({ allowedOrigins: [origin], maxBytes: 1_000 })(origin)).rejects.toMatchObject({
      kind: 'too_large',
    })
  })

  test('of size, not declared, and of a compressed body after unpacking', async () => {
    const plain = await serve((_request, response) => {
      response.write(Buffer.alloc(600))
      response.end(Buffer.alloc(600))
    })
    const bomb = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)))
    })
    const fetch = open({ allowedOrigins: [plain.origin, bomb.origin], maxBytes: 1_000 })
    for (const { origin } of [plain, bomb]) {
      const answer = await fetch(origin)
      await expect(answer.arrayBuffer()).rejects.toMatchObject({ kind: 'too_large' })
    }
  })

  test('a body of exactly the size passes', async () => {
    const { origin } = await serve((_request, response) => response.end(Buffer.alloc(1_000)))
    const answer = await open({ allowedOrigins: [origin], maxBytes: 1_000 })(origin)
    expect((await answer.arrayBuffer()).byteLength).toBe(1_000)
  })
})

describe('failures', () => {
  test('a closed port', async () => {
    const { origin, server } = await serve(() => undefined)
    server.close()
    await once(server, 'close')
    await expect(open({ allowedOrigins: [origin] })(origin)).rejects.toMatchObject({ kind: 'provider_unavailable' })
  })

  test('a name without an address', async () => {
    const failing = open({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    await expect(failing('http://nowhere.test/')).rejects.toMatchObject({ kind: 'provider_unavailable' })
    await expect(open({ resolve: async () => [] })('http://nowhere.test/')).rejects.toMatchObject({
      kind: 'provider_unavailable',
    })
  })

  test('an answer that breaks off', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    const answer = await open({ allowedOrigins: [origin] })(origin)
    await expect(answer.text()).rejects.toMatchObject({ kind: 'provider_unavailable' })
  })

  test("the caller's abort ends the request with the caller's reason", async () => {
    const { origin } = await serve((_request, response) => response.write('x'))
    const fetch = open({ allowedOrigins: [origin] })
    const reason = new Error('not needed any more')
    await expect(fetch(origin, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const control = new AbortController()
    const answer = await fetch(origin, { signal: control.signal })
    control.abort(reason)
    await expect(answer.text()).rejects.toBe(reason)
  })
})
