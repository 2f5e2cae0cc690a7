import type { IncomingMessage } from 'node:http'
import type { Clock } from '../ports/clock.ts'

/** How long a body may take, milliseconds. */
const bodyMs = 60_000
/** Uploads take as long as they move: so many bytes at least in each stretch of time, and an hour at most. */
const stretchMs = 30_000
const bytesPerStretch = 30_000
const uploadMs = 3_600_000

const uploads = [/^\/api\/v1\/files(\?|$)/, /^\/chat\/[^/]+\/files\/[^/]+$/]

/**
 * Ends requests whose bodies come too slowly. Node's own limit knows one time for all, which either cuts large files on slow
 * lines or lets idle senders sit: here an upload may take its time while it moves, everything else has a minute.
 */
export function watchBody(clock: Clock, request: IncomingMessage): void {
  const { headers, method, url = '' } = request
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody || request.complete) return
  const upload = method === 'POST' && uploads.some((path) => path.test(url))
  const from = clock.monotonicMs()
  let seen = request.socket.bytesRead
  let cancel = () => undefined as unknown
  const look = () => {
    if (request.complete || request.destroyed) return
    const now = request.socket.bytesRead
    const moves = upload && now - seen >= bytesPerStretch && clock.monotonicMs() - from < uploadMs
    if (!moves) return void request.destroy()
    seen = now
    cancel = clock.after(stretchMs, look)
  }
  cancel = clock.after(upload ? stretchMs : bodyMs, look)
  request.once('close', () => void cancel())
}
