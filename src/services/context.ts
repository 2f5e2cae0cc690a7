import type { Channel, Fetch, Session } from '../../channels/contract.ts'
import type { LogEvent } from '../../db/queries/log.ts'
import type { Store } from '../../db/store.ts'
import type { Config } from '../config.ts'
import type { Log } from '../lib/log.ts'
import type { Secrets } from '../lib/secrets.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Broadcast } from '../ports/broadcast.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileScanner } from '../ports/file-scanner.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { Limiters } from '../ports/limiter.ts'
import type { MailTransport } from '../ports/mail.ts'
import type { ChannelId } from '../wire/words.ts'

/** An inbox opened for work. */
export interface OpenInbox {
  readonly id: string
  readonly channelId: ChannelId
  readonly queueId: string
  readonly locale: string
  readonly reopenWindowMs: number
  readonly enabled: boolean
  readonly restricted: boolean
  readonly name: string
  /** The settings, secrets included; never leaves the hub. */
  readonly config: unknown
  readonly channel: Channel
  readonly session: Session
}

/** The connected accounts, opened on first use and again after a change. */
export interface OpenInboxes {
  /** @throws AppError 'not_found' when no such inbox is known. */
  get(inboxId: string): Promise<OpenInbox>
  /** Without waiting; null when it has not been opened yet or does not exist. */
  peek(inboxId: string): OpenInbox | null
  /** Forgets one, so that the next use opens it with its present settings. */
  forget(inboxId: string): Promise<void>
  readonly channels: readonly Channel[]
  channel(id: ChannelId): Channel
  close(): Promise<void>
}

/** The node's reader of the event log: hands each stretch to all who listen, in the log's order. */
export interface LogSource {
  /** @param listener must not throw. Missing nothing: stretches follow each other without gaps. */
  subscribe(listener: (batch: { readonly events: readonly LogEvent[]; readonly upTo: number }) => void): () => void
}

/** Everything a use case may touch; made once by the composition root. */
export interface ServiceContext {
  readonly config: Config
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly jobs: JobQueue
  readonly broadcast: Broadcast
  readonly blobs: Blobs
  readonly limiters: Limiters
  readonly secrets: Secrets
  readonly inboxes: OpenInboxes
  /** Server for the product's own mail, where the settings name one. */
  readonly mail: MailTransport | null
  /** Outgoing HTTP under the egress rules. */
  readonly fetch: Fetch
  /** The same for pictures that strangers name in their mail: small, quick, and to public addresses alone. */
  readonly fetchPicture: Fetch
  /** Judges files before anybody may open them; without one they are told by their bytes alone. */
  readonly scanner?: FileScanner
}
