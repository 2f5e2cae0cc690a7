import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web site that is not ours. */
export interface Site {
  readonly origin: string
  stop(): Promise<void>
}

/** Serves `pages` by path with these headers, on a port of its own. */
export async function startSite(
  pages: () => Readonly<Record<string, string>>,
  headers: () => Readonly<Record<string, string>> = () => ({}),
): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const page = pages()[request.url?.split('?')[0] ?? '']
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8', ...headers() }).end(page ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const site = await startSite(() => ({}))
  await site.stop()
  return Number(new URL(site.origin).port)
}
