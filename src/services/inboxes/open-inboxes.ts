import { eq } from 'drizzle-orm'
import type { Channel, ChannelKit, Fetch } from '../../../channels/contract.ts'
import type { Store } from '../../../db/store.ts'
import type { Config } from '../../config.ts'
import { AppError } from '../../lib/errors.ts'
import { type Log, namedLog } from '../../lib/log.ts'
import { derivedKey, type Secrets } from '../../lib/secrets.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ChannelId } from '../../wire/words.ts'
import type { OpenInbox, OpenInboxes } from '../context.ts'

/** What opening an inbox takes. */
export interface OpenInboxesOptions {
  readonly store: Store
  readonly config: Pick<Config, 'publicUrl' | 'secretKey'>
  readonly clock: Clock
  readonly log: Log
  readonly secrets: Secrets
  readonly fetch: Fetch
  readonly resolve: ChannelKit['resolve']
  readonly blobs: Blobs
  readonly channels: readonly Channel[]
}

/** Where an inbox's sealed settings are stored; they open nowhere else. */
export function inboxSecretsPlace(inboxId: string): string {
  return `inbox:${inboxId}`
}

/** Opens inboxes on first use and keeps them open until they change. Several who ask at once share one opening. */
export function createOpenInboxes(options: OpenInboxesOptions): OpenInboxes {
  const opening = new Map<string, Promise<OpenInbox>>()
  const open = new Map<string, OpenInbox>()
  const channel = (id: ChannelId): Channel => {
    const found = options.channels.find((c) => c.id === id)
    if (found === undefined) throw new AppError('not_found', `The channel ${id} is not part of this hub.`)
    return found
  }
  return {
    channels: options.channels,
    channel,
    peek: (inboxId) => open.get(inboxId) ?? null,
    get: (inboxId) => {
      const known = opening.get(inboxId)
      if (known !== undefined) return known
      const started = openInbox(options, channel, inboxId)
      opening.set(inboxId, started)
      started.then(
        (inbox) => {
          if (opening.get(inboxId) === started) open.set(inboxId, inbox)
        },
        () => opening.delete(inboxId),
      )
      return started
    },
    forget: async (inboxId) => {
      const known = opening.get(inboxId)
      opening.delete(inboxId)
      open.delete(inboxId)
      const inbox = await known?.catch(() => undefined)
      await inbox?.session.close?.()
    },
    close: async () => {
      const all = [...opening.values()]
      opening.clear()
      open.clear()
      for (const known of all) await (await known.catch(() => undefined))?.session.close?.()
    },
  }
}

async function openInbox(options: OpenInboxesOptions, channelOf: (id: ChannelId) => Channel, inboxId: string): Promise<OpenInbox> {
  const { store, secrets } = options
  const [row] = await store.db.select().from(store.t.inboxes).where(eq(store.t.inboxes.id, inboxId))
  if (row === undefined) throw new AppError('not_found', 'There is no such inbox.', { inboxId })
  const channel = channelOf(row.channel)
  const sealed = row.secrets === null ? {} : (JSON.parse(secrets.open(row.secrets, inboxSecretsPlace(inboxId))) as Record<string, unknown>)
  const config = channel.config.parse({ ...row.config, ...sealed })
  const kit = kitFor(options, inboxId)
  const { id, name, queueId, locale, reopenWindowMs, enabled, restricted } = row
  return {
    id,
    name,
    channelId: row.channel,
    queueId,
    locale,
    reopenWindowMs,
    enabled,
    restricted,
    config,
    channel,
    session: channel.open(config, kit),
  }
}

function kitFor(options: OpenInboxesOptions, inboxId: string): ChannelKit {
  const { clock, config, blobs } = options
  return {
    inboxId,
    publicUrl: config.publicUrl,
    fetch: options.fetch,
    now: () => clock.now(),
    after: (delayMs, fn) => clock.after(delayMs, fn),
    key: (purpose) => derivedKey(config.secretKey, `${inboxSecretsPlace(inboxId)}: ${purpose}`),
    resolve: options.resolve,
    blobs: {
      put: (source, maxBytes) => blobs.put(source, { maxBytes }),
      get: async (key) => (await blobs.get(key)).stream,
      delete: (key) => blobs.delete(key),
    },
    log: namedLog(options.log, 'channel', { inboxId }),
  }
}
