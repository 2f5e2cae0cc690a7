import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { closedAddress, isPublicAddress, noAddress, publicLookup, type Resolve, resolveHost } from './egress-address.ts'
import { readResponse } from './egress-response.ts'
import { AppError } from './errors.ts'

/** The shape of the standard `fetch`, as SDKs take it. */
export type Fetch = typeof globalThis.fetch

/** How long an unused connection is kept, milliseconds: less than the 5 s after which common servers drop it in our face. */
const idleSocketMs = 4_000

/** The limits of one use of the network. */
export interface EgressOptions {
  /**
   * Origins (`https://host:port`) that may be reached although they are private: those an operator
   * configured, such as the sandbox. Compared exactly, and read at each request: the list may grow.
   */
  readonly allowedOrigins?: readonly string[]
  /** Time for the whole exchange, body included, milliseconds; 10,000 when left out. */
  readonly timeoutMs?: number
  /** The most bytes of body that are handed on, counted after decompression; 10 MiB when left out. */
  readonly maxBytes?: number
  /** Redirects followed for GET and HEAD, each checked like the first address; 0 when left out. */
  readonly maxRedirects?: number
  /** Finds a host's addresses; the operating system's way when left out. */
  readonly resolve?: Resolve
}

/** The way out. */
export interface Egress {
  /**
   * Like the standard `fetch`, with these differences: connects only to public addresses and allowed
   * origins; does not follow redirects unless told to, but returns them; has a time limit and a size limit.
   * @throws AppError 'invalid_input' for an address that may not be reached; 'provider_unavailable'
   * when the other side cannot be reached, breaks off or takes too long; 'too_large' while the body
   * is read; the caller's own abort reason.
   */
  readonly fetch: Fetch
  /**
   * The address to connect to for a host, by the same rules; for protocols other than HTTP. Allowed are also the places
   * `tcp://host:port` in `allowedOrigins`.
   * @throws AppError 'invalid_input' for a host that may not be reached; 'provider_unavailable' where it has no address.
   */
  resolve(host: string, port: number): Promise<string>
  /** Closes the connections that are kept open. */
  close(): void
}

interface Way extends Required<EgressOptions> {
  readonly guarded: { readonly http: HttpAgent; readonly https: HttpsAgent }
  readonly allowed: { readonly http: HttpAgent; readonly https: HttpsAgent }
}

/** Makes a way out with its own limits and connections. */
export function createEgress(options: EgressOptions = {}): Egress {
  const { allowedOrigins = [], timeoutMs = 10_000, maxBytes = 10 * 1024 * 1024, maxRedirects = 0, resolve = resolveHost } = options
  const keep = { keepAlive: true, maxSockets: 64, maxFreeSockets: 8, timeout: idleSocketMs }
  const check = { ...keep, lookup: publicLookup(resolve) }
  const way: Way = {
    allowedOrigins,
    timeoutMs,
    maxBytes,
    maxRedirects,
    resolve,
    // A kept connection was checked when it was made, so the two kinds must not share a pool.
    guarded: { http: new HttpAgent(check), https: new HttpsAgent(check) },
    allowed: { http: new HttpAgent(keep), https: new HttpsAgent(keep) },
  }
  return {
    fetch: (input, init) => fetchThrough(way, input, init),
    resolve: (host, port) => resolveFor(way, host, port),
    close: () => {
      for (const pool of [way.guarded, way.allowed]) {
        pool.http.destroy()
        pool.https.destroy()
      }
    },
  }
}

async function resolveFor(way: Way, host: string, port: number): Promise<string> {
  const addresses = isIP(host) ? [{ address: host }] : await addressesOf(way, host)
  const allowed = way.allowedOrigins.includes(`tcp://${host.toLowerCase()}:${port}`)
  if (!allowed && addresses.some(({ address }) => !isPublicAddress(address))) throw closedAddress(host)
  const [first] = addresses
  if (first === undefined) throw noAddress(host)
  return first.address
}

async function addressesOf(way: Way, host: string): Promise<readonly { readonly address: string }[]> {
  try {
    return await way.resolve(host)
  } catch (cause) {
    throw noAddress(host, cause)
  }
}

async function fetchThrough(way: Way, input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const asked = new Request(input, init)
  const timeout = AbortSignal.timeout(way.timeoutMs)
  const signal = AbortSignal.any([asked.signal, timeout])
  const body = asked.body ? Buffer.from(await asked.arrayBuffer()) : undefined
  const headers = new Headers(asked.headers)
  let url = new URL(asked.url)
  try {
    for (let hop = 0; ; hop += 1) {
      const answer = await exchange(way, url, asked.method, headers, body, signal)
      const next = hop < way.maxRedirects && (asked.method === 'GET' || asked.method === 'HEAD') ? redirectOf(url, answer) : undefined
      if (!next) return readResponse(answer, { url, method: asked.method, maxBytes: way.maxBytes, signal, timeout })
      answer.resume()
      if (next.origin !== url.origin) for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name)
      url = next
    }
  } catch (error) {
    throw asked.signal.aborted ? asked.signal.reason : readable(error, url)
  }
}

function redirectOf(url: URL, answer: IncomingMessage): URL | undefined {
  const { location } = answer.headers
  const status = answer.statusCode ?? 0
  if (![301, 302, 303, 307, 308].includes(status) || !location || !URL.canParse(location, url.href)) return undefined
  return new URL(location, url)
}

function exchange(
  way: Way,
  url: URL,
  method: string,
  headers: Headers,
  body: Buffer | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const pool = poolFor(way, url)
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const all: Record<string, string> = {
      'accept-encoding': 'identity',
      'user-agent': 'Onequeue',
      ...Object.fromEntries(headers),
    }
    if (body) all['content-length'] = String(body.byteLength)
    const options = { method, headers: all, signal }
    const request = secure ? httpsRequest(url, { ...options, agent: pool.https }) : httpRequest(url, { ...options, agent: pool.http })
    request.once('response', resolve)
    request.once('error', reject)
    request.end(body)
  })
}

/** Refuses what must not be reached before a socket is made; names are checked when they are resolved. */
function poolFor(way: Way, url: URL): Way['guarded'] {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('invalid_input', `Requests go to http and https addresses, not to "${url.protocol}".`)
  }
  if (url.username || url.password) throw new AppError('invalid_input', 'An address must not hold a user name or password.')
  if (way.allowedOrigins.includes(url.origin)) return way.allowed
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) && !isPublicAddress(host)) throw closedAddress(host)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (port !== 80 && port !== 443 && port < 1024) {
    throw new AppError('invalid_input', `Port ${port} belongs to another service; requests to it are refused.`, {
      host,
      port,
    })
  }
  return way.guarded
}

function readable(error: unknown, url: URL): unknown {
  if (error instanceof AppError) return error
  const late = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
  const sentence = late ? `"${url.host}" did not answer in time.` : `"${url.host}" could not be reached.`
  return new AppError('provider_unavailable', sentence, { host: url.host }, { cause: error })
}
