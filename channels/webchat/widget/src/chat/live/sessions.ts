import type { VisitorSession } from '../../../../../../src/wire/visitor.ts'
import type { TextStorage } from '../model/outbox.ts'
import type { Api } from './api.ts'

/** The browser's identity at one inbox: kept in its storage, renewed at every visit. */
export interface Sessions {
  /** The present session; asks for one when there is none yet. Rejects with `Failure`. */
  current(): Promise<VisitorSession>
  /** Asks for a fresh token of the same identity when the present one is a day old. */
  refresh(): Promise<void>
  /** The server does not know the token any more: the next `current` begins a new identity. */
  forget(): void
}

const dayMs = 86_400_000

/** Opens the identity kept for an inbox. */
export function openSessions(api: Api, storage: TextStorage, inboxId: string, locale: string): Sessions {
  const key = `onequeue:${inboxId}:token`
  let asked: Promise<VisitorSession> | null = null
  let askedAt = 0

  const ask = () => {
    askedAt = Date.now()
    const answer = api.openSession(storage.getItem(key), locale).then((session) => {
      storage.setItem(key, session.token)
      return session
    })
    answer.catch(() => {
      if (asked === answer) asked = null
    })
    asked = answer
    return answer
  }
  return {
    current: () => asked ?? ask(),
    refresh: async () => {
      if (asked !== null && Date.now() - askedAt > dayMs) await ask()
    },
    forget: () => {
      storage.removeItem(key)
      asked = null
    },
  }
}
