import type { Express } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMailSandbox } from '../../channels/email/sandbox.ts'
import { createLineSandbox } from '../../channels/line/sandbox.ts'
import { shopPage } from '../../channels/webchat/sandbox.ts'
import { permissions } from '../../src/core/access/permissions.ts'
import { createHttpApp, type HttpApp } from '../../src/http/app.ts'
import { chatRouteTable, createChatRouter } from '../../src/http/chat.ts'
import type { DeclaredRoute } from '../../src/http/route-table.ts'
import { createSandboxRouter, sandboxRouteTable } from '../../src/http/sandbox.ts'
import { createSandboxMailRouter, sandboxMailRouteTable } from '../../src/http/sandbox-mail.ts'
import { createShopRouter, shopRouteTable } from '../../src/http/shop.ts'
import { webhookRouteTable } from '../../src/http/webhooks.ts'
import { agentCallTable } from '../../src/realtime/calls.ts'
import { visitorCallTable } from '../../src/realtime/visitor/calls.ts'
import { createVisitorLimits } from '../../src/services/visitors/visitor-limits.ts'
import { agentCalls } from '../../src/wire/calls.ts'
import { visitorCalls } from '../../src/wire/visitor.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
let http: HttpApp
beforeAll(async () => {
  api = await startApi({ ROLE: 'web' })
  const { ctx } = api.hub
  const chat = createChatRouter(ctx, { limits: createVisitorLimits(ctx.limiters), clientIp: () => '' })
  const line = createLineSandbox({ clock: ctx.clock, fetch: ctx.fetch, log: ctx.log })
  const sandbox = createSandboxRouter(ctx, { line })
  const mail = createSandboxMailRouter(ctx, createMailSandbox({ now: ctx.clock.now, log: ctx.log }).mailboxes)
  http = createHttpApp(ctx, {
    tailedSeq: () => null,
    pendingMigrations: async () => 0,
    routers: [
      { router: chat, routes: chatRouteTable },
      { router: mail, routes: sandboxMailRouteTable },
      { router: sandbox, routes: sandboxRouteTable },
      { router: createShopRouter(ctx, shopPage), routes: shopRouteTable },
    ],
  })
})
afterAll(() => api.stop())

/** What express keeps of one registration. */
interface Layer {
  readonly name: string
  readonly rawPath: unknown
  readonly handle: { readonly stack?: readonly Layer[] }
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> }
}

/** Everything express would run, nested routers included. */
function layersOf(app: Express): Layer[] {
  const flat = (stack: readonly Layer[]): Layer[] =>
    stack.flatMap((layer) => (layer.route === undefined && layer.handle.stack !== undefined ? flat(layer.handle.stack) : [layer]))
  return flat((app.router as unknown as { stack: Layer[] }).stack)
}

/** Routes and static folders as `method path`. */
function servedBy(app: Express): string[] {
  return layersOf(app).flatMap(({ name, rawPath, route }) => {
    if (route !== undefined) return Object.keys(route.methods).map((method) => `${method} ${String(route.path)}`)
    return name === 'serveStatic' ? [`get ${String(rawPath)}/*file`] : []
  })
}

const nameOf = ({ method, path }: DeclaredRoute | (typeof webhookRouteTable)[number]) => `${method} ${path}`

describe('every route', () => {
  it('that express serves is declared, and the other way round', () => {
    expect(servedBy(http.app).toSorted()).toEqual(http.declared.map(nameOf).toSorted())
  })

  it('of the running hub is in this table', () => {
    const known = new Set([...http.declared, ...webhookRouteTable].map(nameOf))
    for (const { method, path } of api.hub.routes) expect(known, `${method} ${path}`).toContain(`${method} ${path}`)
  })

  it('demands a permission that exists', () => {
    const demands = new Set<string>([...permissions, 'public', 'signature', 'visitor', 'link'])
    for (const { permission, path } of [...http.declared, ...webhookRouteTable]) expect(demands, path).toContain(permission)
  })
})

describe('every socket call', () => {
  it('is in the table of its namespace, with a permission that exists', () => {
    expect(Object.keys(agentCallTable).toSorted()).toEqual(Object.keys(agentCalls).toSorted())
    expect(visitorCallTable.map(({ name }) => name).toSorted()).toEqual(Object.keys(visitorCalls).toSorted())
    const demands = new Set<string>([...permissions, 'any'])
    for (const { permission } of Object.values(agentCallTable)) expect(demands).toContain(permission)
  })
})

describe('the surface', () => {
  it('is the recorded one', async () => {
    const lines = [
      ...[...http.declared, ...webhookRouteTable].map((route) => [`${route.method.toUpperCase()} ${route.path}`, route.permission]),
      ...Object.entries(agentCallTable).map(([name, { permission }]) => [`SOCKET /agent ${name}`, permission]),
      ...visitorCallTable.map(({ name, permission }) => [`SOCKET /visitor ${name}`, permission]),
    ]
    const middleware = layersOf(http.app).filter(({ route, name }) => route === undefined && name !== 'serveStatic')
    lines.push(...middleware.map(({ name, rawPath }, place) => [`BEFORE ${String(rawPath)} ${place + 1} ${name}`, 'all']))
    const text = lines.map(([what, who]) => `  ${JSON.stringify(what)}: ${JSON.stringify(who)}`).toSorted()
    await expect(`{\n${text.join(',\n')}\n}\n`).toMatchFileSnapshot('./golden-routes.json')
  })
})
