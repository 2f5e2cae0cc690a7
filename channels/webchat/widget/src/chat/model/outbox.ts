import type { VisitorFile, VisitorPart } from '../../../../../../src/wire/visitor.ts'

/** A message the server has not yet confirmed. */
export interface Pending {
  readonly clientId: string
  readonly text: string
  readonly files: readonly VisitorFile[]
  /** A form that introduces it, or the answer that was tapped. */
  readonly extra?: readonly Extract<VisitorPart, { type: 'form' | 'choice' }>[]
  /** When it was written, epoch ms by this browser's clock. */
  readonly at: number
  /** Set when it will not be tried again by itself: a key of the locale files. */
  readonly failure: 'errorRefused' | 'errorFileGone' | 'errorConsent' | 'errorLogin' | null
}

/** Keeps unconfirmed messages over reloads, each under its own key, so that two tabs do not overwrite each other. */
export interface Outbox {
  /** Oldest first. */
  list(): readonly Pending[]
  put(pending: Pending): void
  remove(clientId: string): void
  /** Another person is here now: nothing of the one before may go out under their name. */
  clear(): void
}

/** As much of the storage as is used here. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** Opens the outbox of one inbox. */
export function openOutbox(storage: TextStorage, inboxId: string): Outbox {
  const prefix = `onequeue:${inboxId}:out:`
  return {
    list: () => {
      const found: Pending[] = []
      for (let at = 0; at < storage.length; at += 1) {
        const key = storage.key(at)
        const pending = key?.startsWith(prefix) ? read(storage.getItem(key)) : null
        if (pending !== null) found.push(pending)
      }
      return found.sort((a, b) => a.at - b.at || (a.clientId < b.clientId ? -1 : 1))
    },
    put: (pending) => storage.setItem(prefix + pending.clientId, JSON.stringify(pending)),
    remove: (clientId) => storage.removeItem(prefix + clientId),
    clear: () => {
      const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '').filter((key) => key.startsWith(prefix))
      for (const key of keys) storage.removeItem(key)
    },
  }
}

/** Another version of this program may have written it: what does not fit is left alone. */
function read(text: string | null): Pending | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isPending(value) ? value : null
  } catch {
    return null
  }
}

function isPending(value: unknown): value is Pending {
  if (typeof value !== 'object' || value === null) return false
  const { clientId, text, files, at, extra } = value as Partial<Record<keyof Pending, unknown>>
  return (
    typeof clientId === 'string' &&
    typeof text === 'string' &&
    typeof at === 'number' &&
    Array.isArray(files) &&
    (extra === undefined || Array.isArray(extra))
  )
}

/** A name for one message that no other will have. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
