import type { OutboxStatus } from '../../wire/words.ts'

/** What a provider may tell about a message, at once or much later. */
export type OutboxReport = 'accepted' | 'delivered' | 'read' | 'failed' | 'unconfirmed'

/** What we do: take it for sending, put it back after a harmless failure, send again by a person's will, drop it. */
export type OutboxCommand = 'claim' | 'retry' | 'resend' | 'cancel'

/** The next status, or why nothing changes; a report that changes nothing is no error. */
export type OutboxTransition = { readonly ok: true; readonly next: OutboxStatus } | { readonly ok: false; readonly sentence: string }

const commands: Readonly<Record<OutboxCommand, Readonly<Partial<Record<OutboxStatus, OutboxStatus>>>>> = {
  claim: { queued: 'sending' },
  retry: { sending: 'queued' },
  resend: { failed: 'queued', unconfirmed: 'queued' },
  cancel: { queued: 'cancelled' },
}

/**
 * Status only climbs, with two kinds of late truth: `delivered` and `read` override `failed` and
 * `unconfirmed`, and an `unconfirmed` message may turn out accepted or failed.
 */
const reports: Readonly<Record<OutboxStatus, readonly OutboxReport[]>> = {
  queued: ['accepted', 'delivered', 'read', 'failed'],
  sending: ['accepted', 'delivered', 'read', 'failed', 'unconfirmed'],
  accepted: ['delivered', 'read', 'failed', 'unconfirmed'],
  unconfirmed: ['accepted', 'delivered', 'read', 'failed'],
  failed: ['delivered', 'read'],
  delivered: ['read'],
  read: [],
  cancelled: [],
}

/** Applies one of our own commands; a refusal means that somebody else was first. */
export function commandOutbox(status: OutboxStatus, command: OutboxCommand): OutboxTransition {
  const next = commands[command][status]
  return next === undefined ? { ok: false, sentence: `The message is ${status}; it cannot be taken for "${command}".` } : { ok: true, next }
}

/** Applies what a provider reported, in whatever order reports arrive. */
export function reportOutbox(status: OutboxStatus, report: OutboxReport): OutboxTransition {
  return reports[status].includes(report)
    ? { ok: true, next: report }
    : { ok: false, sentence: `The message is ${status}; "${report}" tells nothing new.` }
}

/** From the worst to the best an agent can see on a message. */
const worstFirst: readonly OutboxStatus[] = ['failed', 'unconfirmed', 'cancelled', 'queued', 'sending', 'accepted', 'delivered', 'read']

/** The status of a message of several parts or recipients: that of its worst; null for none. */
export function worstOutbox(statuses: readonly OutboxStatus[]): OutboxStatus | null {
  return worstFirst.find((status) => statuses.includes(status)) ?? null
}
