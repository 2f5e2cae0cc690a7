import type { IdentityProof, VisitorSession } from '../../../../../../src/wire/visitor.ts'
import type { TextStorage } from '../model/outbox.ts'
import type { Api } from './api.ts'

/** The browser's identity at one inbox: kept in its storage, renewed at every visit. */
export interface Sessions {
  /** The present session; asks for one when there is none yet. Rejects with `Failure`. */
  current(): Promise<VisitorSession>
  /** Asks for a fresh token of the same identity when the present one is a day old. */
  refresh(): Promise<void>
  /** Takes the identity of the user whom the site has named. Rejects with `Failure`. */
  identify(proof: IdentityProof): Promise<VisitorSession>
  /** The server does not know the token any more: the next `current` begins a new identity. */
  forget(): void
  /** Another window has changed the identity: the next `current` goes by what is stored. */
  reload(): void
  /** Where it is kept. */
  readonly key: string
}

/** Whose token it is, without a check; null for what is none. */
export function visitorIdOf(token: string | null): string | null {
  try {
    const claims: unknown = JSON.parse(atob((token?.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))
    const id = typeof claims === 'object' && claims !== null && 'visitorId' in claims ? claims.visitorId : null
    return typeof id === 'string' ? id : null
  } catch {
    return null
  }
}

const dayMs = 86_400_000

/** Opens the identity kept for an inbox. */
export function openSessions(api: Api, storage: TextStorage, inboxId: string, locale: string): Sessions {
  const key = `onequeue:${inboxId}:token`
  let asked: Promise<VisitorSession> | null = null
  let askedAt = 0

  const keep = (request: Promise<VisitorSession>, former: Promise<VisitorSession> | null) => {
    askedAt = Date.now()
    const answer = request.then((session) => {
      storage.setItem(key, session.token)
      return session
    })
    answer.catch(() => {
      if (asked === answer) asked = former
    })
    asked = answer
    return answer
  }
  const ask = () => keep(api.openSession(storage.getItem(key), locale), null)
  return {
    key,
    identify: (proof) => keep(api.identify(storage.getItem(key), proof), asked),
    reload: () => {
      asked = null
    },
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
