import type {
  IdentityProof,
  UploadTicket,
  VisitorFile,
  VisitorMessage,
  VisitorPart,
  VisitorSession,
  VisitorState,
} from '../../../../../../src/wire/visitor.ts'
import type { VisitorPage } from '../../../../../../src/wire/visitor-profile.ts'
import type { SyncAnswer } from '../model/thread.ts'
import { failureOf, unreachable } from './failure.ts'

/** A stored message as `message.send` answers it. */
export interface Sent {
  readonly message: VisitorMessage
  readonly state: VisitorState
  readonly seq: number
}

/** An upload under way. */
export interface Upload {
  /** Rejects with `Failure`, or with an `AbortError` after `cancel`. */
  readonly done: Promise<VisitorFile>
  cancel(): void
}

const timeoutMs = 15_000

/** The chat's HTTP side; `base` is `/chat/<inbox>`. Every call rejects with `Failure`. */
export function createApi(base: string) {
  const send = async <T>(path: string, token: string | null, body: unknown, keepalive = false): Promise<T> => {
    const response = await answered(
      fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(token) },
        body: JSON.stringify(body),
        keepalive,
        signal: AbortSignal.timeout(timeoutMs),
      }),
    )
    return (response.status === 204 ? undefined : await response.json()) as T
  }
  return {
    openSession: (token: string | null, locale: string) =>
      send<VisitorSession>('/session', null, { ...(token === null ? {} : { token }), locale }),
    /** The session of the user whom the site has proved this visitor to be. */
    identify: (token: string | null, proof: IdentityProof) =>
      send<VisitorSession>('/identify', null, { ...(token === null ? {} : { token }), proof }),
    /** Ends the token, also as the page goes away. */
    logOut: (token: string) => send<void>('/logout', token, {}, true),
    sendMessage: (token: string, message: { clientId: string; parts: readonly VisitorPart[]; locale: string; page?: VisitorPage }) =>
      send<Sent>('/messages', token, message),
    /** What was missed, for networks that let no live line through. */
    sync: (token: string, since: number | null) => send<SyncAnswer>('/sync', token, { since }),
    /** Sends the conversation to the address that is proved to be the visitor's. */
    requestTranscript: (token: string) => send<void>('/transcript', token, {}),
    /** Deletes everything of this visitor for good. */
    erase: (token: string) => send<void>('/erase', token, { confirm: true }),
    /** The bytes of a file of one's own thread. */
    fetchFile: async (token: string, fileId: string): Promise<Blob> => {
      const response = await answered(fetch(`${base}/files/${encodeURIComponent(fileId)}/content`, { headers: bearer(token) }))
      return response.blob()
    },
    /** Asks for a ticket, then uploads under it. `fetch` tells nothing of an upload's progress; the older way does. */
    upload: (token: string, file: File, onProgress: (share: number) => void): Upload => {
      const request = new XMLHttpRequest()
      let cancelled = false
      const aborted = () => new DOMException('The upload was cancelled.', 'AbortError')
      const put = (ticket: string) =>
        new Promise<VisitorFile>((resolve, reject) => {
          if (cancelled) return reject(aborted())
          request.upload.onprogress = (event) => {
            if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total)
          }
          request.onload = () => {
            if (request.status === 201) resolve(request.response as VisitorFile)
            else reject(failureOf(request.response, request.status))
          }
          request.onerror = () => reject(unreachable())
          request.onabort = () => reject(aborted())
          request.open('POST', `${base}/files/${encodeURIComponent(ticket)}`)
          request.responseType = 'json'
          request.setRequestHeader('authorization', `Bearer ${token}`)
          request.setRequestHeader('content-type', file.type || 'application/octet-stream')
          request.setRequestHeader('x-file-name', encodeURIComponent(file.name))
          request.send(file)
        })
      const done = send<UploadTicket>('/tickets', token, { name: file.name.slice(0, 1_000), bytes: file.size }).then(({ ticket }) =>
        put(ticket),
      )
      const cancel = () => {
        cancelled = true
        request.abort()
      }
      return { done, cancel }
    },
  }
}

export type Api = ReturnType<typeof createApi>

function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` }
}

async function answered(request: Promise<Response>): Promise<Response> {
  const response = await request.catch((): never => {
    throw unreachable()
  })
  if (response.ok) return response
  throw failureOf(await response.json().catch(() => null), response.status)
}
