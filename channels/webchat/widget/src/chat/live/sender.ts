import type { VisitorPart } from '../../../../../../src/wire/visitor.ts'
import type { Outbox, Pending } from '../model/outbox.ts'
import type { Sent } from './api.ts'
import { Failure, isPassing } from './failure.ts'

/** A message on its way as the server takes it. */
export interface Outgoing {
  readonly clientId: string
  readonly parts: readonly VisitorPart[]
}

/** Sends what the outbox holds, one after the other, in the order it was written. */
export interface Sender {
  /** Begins, or begins again after something changed; safe to call at any time. */
  flush(): void
  /** The message under way; null when none is. */
  readonly sending: string | null
}

/** What the sender needs and tells. */
export interface SenderDeps {
  readonly outbox: Outbox
  /** Rejects with `Failure`. The same client id again is the same message. */
  deliver(message: Outgoing): Promise<Sent>
  sent(pending: Pending, answer: Sent): void
  /** The outbox or `sending` has changed. */
  changed(): void
  /** The server asked for patience. */
  busy(): void
  /** The identity is not known any more. */
  stranger(): void
}

const retryMs = 3_000

/** Refusals that the person can do something about. */
const failures: Readonly<Record<string, Pending['failure']>> = {
  file_gone: 'errorFileGone',
  consent_required: 'errorConsent',
  form_required: 'errorConsent',
  identity_required: 'errorLogin',
}

/** Makes a sender. A message leaves the outbox only when the server has confirmed it. */
export function createSender(deps: SenderDeps): Sender {
  let sending: string | null = null
  let running = false
  let again = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = async () => {
    for (;;) {
      const next = deps.outbox.list().find((pending) => pending.failure === null)
      if (next === undefined) return
      sending = next.clientId
      deps.changed()
      const waitMs = await attempt(next)
      sending = null
      deps.changed()
      if (waitMs !== null) {
        timer = setTimeout(flush, waitMs)
        return
      }
    }
  }

  /** @returns what to wait before the next attempt, or null when the message is settled. */
  const attempt = async (pending: Pending): Promise<number | null> => {
    try {
      const answer = await deps.deliver({ clientId: pending.clientId, parts: partsOf(pending) })
      deps.outbox.remove(pending.clientId)
      deps.sent(pending, answer)
      return null
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure('bug', 'unknown')
      if (failure.kind === 'rate_limited') deps.busy()
      if (failure.kind === 'unauthenticated') {
        deps.stranger()
        return retryMs
      }
      if (isPassing(failure)) return Math.max(retryMs, failure.retryAfterMs ?? 0)
      deps.outbox.put({ ...pending, failure: failures[failure.code] ?? 'errorRefused' })
      return null
    }
  }

  const flush = () => {
    clearTimeout(timer)
    again = running
    if (running) return
    running = true
    void run().finally(() => {
      running = false
      // What was written while the last answer came is not left lying.
      if (again) flush()
    })
  }
  return {
    flush,
    get sending() {
      return sending
    },
  }
}

/** The parts of a message: what introduces it, its text, then its files. */
export function partsOf(pending: Pick<Pending, 'text' | 'files' | 'extra'>): VisitorPart[] {
  const text: VisitorPart[] = pending.text.trim() === '' ? [] : [{ type: 'text', text: pending.text }]
  return [...(pending.extra ?? []), ...text, ...pending.files.map((file): VisitorPart => ({ type: 'file', fileId: file.fileId }))]
}
