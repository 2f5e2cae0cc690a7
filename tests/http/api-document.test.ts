import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../src/http/api/index.ts'
import { type Api, type Client, startApi } from './harness.ts'

let api: Api
let admin: Client
beforeAll(async () => {
  api = await startApi()
  admin = await api.person('Ada', { roleId: 'admin' })
})
afterAll(() => api.stop())

describe('the API document', () => {
  interface Document {
    openapi: string
    paths: Record<
      string,
      Record<
        string,
        {
          operationId: string
          'x-permission': string
          parameters?: { in: string; name: string }[]
          responses: Record<string, unknown>
          security: unknown[]
        }
      >
    >
    components: { schemas: Record<string, unknown> }
  }

  it('describes each route with its inputs, its answers and its permission', async () => {
    const { json: document } = await api.stranger.get<Document>('/api/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    const described = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
    const served = apiRoutes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(described.toSorted()).toEqual(served.toSorted())
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
    for (const route of apiRoutes) {
      const operation = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method]
      expect(operation?.['x-permission']).toBe(route.permission)
      expect(operation?.security.length).toBe(route.permission === 'public' ? 0 : 2)
      const inPath = operation?.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? []
      expect(inPath.toSorted()).toEqual([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '').toSorted())
      expect(Object.keys(operation?.responses ?? {}).some((status) => status.startsWith('2'))).toBe(true)
    }
  })

  it('refers only to what it defines', async () => {
    const { json: document, text } = await api.stranger.get<Document>('/api/openapi.json')
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
    expect(refs.length).toBeGreaterThan(20)
    for (const name of refs) expect(Object.keys(document.components.schemas)).toContain(name)
  })

  it('has an example of each body, which its own schema takes', () => {
    const withBody = apiRoutes.filter((route) => route.body !== undefined)
    expect(withBody.length).toBeGreaterThan(20)
    for (const { method, path, body, example } of withBody) expect(body?.safeParse(example).error, `${method} ${path}`).toBeUndefined()
  })

  it('has pages that load nothing from elsewhere', async () => {
    const page = await api.stranger.get('/api/docs')
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      expect(address).toMatch(/^\/api\/docs\//)
      expect((await api.stranger.get(address)).status).toBe(200)
    }
    expect(page.text).not.toMatch(/<script>|<style>| on\w+=/)
    expect((await api.stranger.get('/api/docs/package.json')).status).toBe(404)
    expect((await api.stranger.get('/api/docs/..%2f..%2fpackage.json')).status).toBe(404)
  })
})

describe('health', () => {
  it('is alive and ready, with reasons', async () => {
    expect((await api.stranger.get('/healthz')).json).toEqual({ status: 'ok' })
    const ready = await api.stranger.get<{ status: string; checks: Record<string, { ok: boolean }> }>('/readyz')
    expect(ready.status).toBe(200)
    expect(Object.keys(ready.json.checks).toSorted()).toEqual(['database', 'eventLog', 'migrations', 'queue'])
    expect(Object.values(ready.json.checks).every(({ ok }) => ok)).toBe(true)
  })

  it('says that it is not ready once its database is gone', async () => {
    const dying = await startApi({ ROLE: 'web' })
    await dying.hub.ctx.store.close()
    const ready = await dying.stranger.get<{ status: string; checks: Record<string, { ok: boolean; detail?: string }> }>('/readyz')
    expect(ready.status).toBe(503)
    expect(ready.json.status).toBe('not_ready')
    expect(ready.json.checks['database']).toMatchObject({ ok: false, detail: expect.stringMatching(/\w/) })
    expect((await dying.stranger.get('/healthz')).status).toBe(200)
    await dying.stop()
  })

  it('counts requests by the template of their route', async () => {
    await admin.get('/api/v1/queues/some-id-nobody-has')
    const { text } = await api.stranger.get('/metrics')
    expect(text).toContain('onequeue_http_request_seconds_count{method="GET",route="/api/v1/queues/:id",status="4xx"}')
    expect(text).not.toContain('some-id-nobody-has')
    expect(text).toMatch(/onequeue_event_lag 0/)
    expect(text).toMatch(/process_resident_memory_bytes/)
  })
})

describe('every answer', () => {
  it('carries the headers that keep browsers in check', async () => {
    for (const path of ['/', '/api/v1/session', '/healthz', '/api/docs']) {
      const { headers } = await api.stranger.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toMatch(/script-src 'self';/)
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('asks for https alone where the hub is reached by it', async () => {
    const secure = await startApi({ PUBLIC_URL: 'https://desk.test' })
    await secure.person('Sec', { withPassword: true })
    const answer = await secure.stranger.post('/api/v1/session', { email: 'sec@desk.test', password: 'pass phrase of Sec' })
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Secure/)
    await secure.stop()
  })
})
