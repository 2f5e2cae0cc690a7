import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import express, { type Express } from 'express'
import type { ServiceContext } from '../services/context.ts'
import type { Route } from './route.ts'
import type { DeclaredRoute } from './route-table.ts'

/** The document and its pages, as the golden table lists them. */
export const apiPageRoutes: readonly DeclaredRoute[] = [
  { method: 'get', path: '/api/openapi.json', permission: 'public' },
  { method: 'get', path: '/api/docs', permission: 'public' },
  { method: 'get', path: '/api/docs/start.js', permission: 'public' },
  { method: 'get', path: '/api/docs/:file', permission: 'public' },
]

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Onequeue API</title>
    <link rel="icon" href="/api/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`

/** Tries from the page carry the reader's own log-in, so writes need its CSRF token. */
const startScript = `let token = null
const csrf = async () => {
  if (token === null) token = await fetch('/api/v1/session').then((answer) => (answer.ok ? answer.json() : {})).then((me) => me.csrfToken ?? '')
  return token
}
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  requestInterceptor: async (request) => {
    const write = !['GET', 'HEAD'].includes((request.method ?? 'GET').toUpperCase())
    const own = new URL(request.url, location.href)
    if (write) request.headers['X-CSRF-Token'] = await csrf()
    request.url = location.origin + own.pathname + own.search
    return request
  },
})
`

const servedFiles: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

/** Serves the API document and, from our own disk, its pages. */
export function serveApiPages(app: Express, ctx: ServiceContext, routes: readonly Route[]): void {
  let document: Promise<string> | undefined
  app.get('/api/openapi.json', async (_req, res) => {
    // Made on first use: most starts of the hub never show it.
    document ??= import('./openapi.ts').then(({ createApiDocument }) => JSON.stringify(createApiDocument(routes, ctx.config.publicUrl)))
    res.setHeader('Cache-Control', 'no-cache')
    res.type('application/json').send(await document)
  })
  app.get('/api/docs', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache')
    res.type('text/html').send(page)
  })
  app.get('/api/docs/start.js', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache')
    res.type('text/javascript').send(startScript)
  })
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const files = express.static(join(root), { index: false, dotfiles: 'ignore', maxAge: '1d' })
  app.get('/api/docs/:file', (req, res, next) => {
    if (!servedFiles.has(req.params.file)) {
      next()
      return
    }
    req.url = `/${req.params.file}`
    files(req, res, next)
  })
}
