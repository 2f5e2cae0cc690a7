import type { IdentityProof, VisitorSession } from '../../../../../src/wire/visitor.ts'
import type { Api } from './live/api.ts'
import { Failure, isPassing } from './live/failure.ts'
import { type Sessions, visitorIdOf } from './live/sessions.ts'
import type { TextStorage } from './model/outbox.ts'

/** What a person may do with their own identity and data. */
export interface Account {
  /** Takes the site's proof of who its user is; tried again until the server has judged it. */
  identify(proof: IdentityProof): void
  /** Ends the identity here and on the server; whoever comes next is another visitor. */
  logOut(): Promise<void>
  /** Deletes everything that was said and sent, for good. Rejects with `Failure`. */
  erase(): Promise<void>
  /** Sends the conversation to the address that is proved to be the visitor's. Rejects with `Failure`. */
  requestTranscript(): Promise<void>
}

/** What the account needs and tells. */
export interface AccountDeps {
  readonly api: Api
  readonly sessions: Sessions
  readonly storage: TextStorage
  /** The identity is this one now. `stranger`: what the one before left in this browser is not theirs. */
  changed(session: VisitorSession, stranger: boolean): void
  /** There is no identity any more: begin a new one. */
  ended(): void
}

const retryMs = 4_000

/** Makes the account's acts. */
export function createAccount({ api, sessions, storage, changed, ended }: AccountDeps): Account {
  let wanted: IdentityProof | null = null

  const present = async (proof: IdentityProof) => {
    const before = await sessions.current().catch(() => null)
    if (wanted !== proof) return
    try {
      const session = await sessions.identify(proof)
      // Another user than before: the anonymous one's things go with them, another user's do not.
      changed(session, before?.identified === true && before.visitorId !== session.visitorId)
    } catch (error) {
      if (!(error instanceof Failure) || !isPassing(error)) return
      setTimeout(() => wanted === proof && void present(proof), Math.max(retryMs, error.retryAfterMs ?? 0))
    }
  }
  const token = async () => (await sessions.current()).token
  return {
    identify: (proof) => {
      wanted = proof
      void present(proof)
    },
    logOut: async () => {
      wanted = null
      const ending = storage.getItem(sessions.key)
      sessions.forget()
      ended()
      // Should it not arrive, this browser has forgotten the token all the same.
      if (visitorIdOf(ending) !== null) await api.logOut(ending ?? '').catch(() => undefined)
    },
    erase: async () => {
      await api.erase(await token())
      wanted = null
      sessions.forget()
      ended()
    },
    requestTranscript: async () => api.requestTranscript(await token()),
  }
}
