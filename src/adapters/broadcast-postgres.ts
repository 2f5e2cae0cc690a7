import pg from 'pg'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { retryDelayMs } from '../lib/retry.ts'
import type { Broadcast } from '../ports/broadcast.ts'
import type { Cancel, Clock } from '../ports/clock.ts'
import { createListeners, type Listeners, packBroadcast } from './broadcast-message.ts'

/** How long a connection or a statement may take, milliseconds. */
const timeoutMs = 5_000
/** Pauses between attempts to connect again. */
const reconnect = { firstMs: 200, factor: 2, maxMs: 5_000, jitter: 0.5 }

/** What the PostgreSQL broadcast needs. */
export interface PostgresBroadcastOptions {
  readonly databaseUrl: string
  readonly clock: Clock
  readonly log: Log
  /** Name of the notification channel, `[a-z_]+`; 'onequeue' when left out. */
  readonly channel?: string
}

/**
 * A broadcast over LISTEN/NOTIFY, for several nodes on one PostgreSQL without Redis. It holds a
 * connection of its own, which must not go through a pooler in transaction mode.
 * @throws AppError 'unavailable' when the database cannot be reached at the start.
 */
export async function openPostgresBroadcast(options: PostgresBroadcastOptions): Promise<Broadcast> {
  const { channel = 'onequeue', log, clock } = options
  const listeners = createListeners(log)
  let client: pg.Client | undefined
  let retry: Cancel | undefined
  let failures = 0
  let stopped = false
  /** A connection answers one statement after the other. */
  let turn: Promise<void> = Promise.resolve()

  const lost = (): void => {
    client = undefined
    if (stopped) return
    failures += 1
    retry = clock.after(retryDelayMs(reconnect, failures, Math.random()), () => void connectAgain())
  }

  const connectAgain = async (): Promise<void> => {
    try {
      const next = await listen(options, channel, listeners, lost)
      if (stopped) return void next.end().catch(() => undefined)
      client = next
      failures = 0
      log.info('The broadcast is back.')
      listeners.gap()
    } catch (err) {
      log.warn({ err }, 'The broadcast is away.')
      lost()
    }
  }

  const notify = async (text: string): Promise<void> => {
    if (!client) throw new AppError('unavailable', 'The database is away; nothing was broadcast.')
    await client.query('select pg_notify($1, $2)', [channel, text]).catch((cause: unknown) => {
      throw new AppError('unavailable', 'The database did not take the broadcast.', {}, { cause })
    })
  }

  client = await listen(options, channel, listeners, lost).catch((cause: unknown) => {
    throw new AppError('unavailable', 'The database does not take LISTEN; check DATABASE_URL.', {}, { cause })
  })

  return {
    publish: async (topic, payload) => {
      const text = packBroadcast(topic, payload)
      const sent = turn.then(() => notify(text))
      turn = sent.catch(() => undefined)
      return sent
    },
    subscribe: async (topic, listener) => listeners.add(topic, listener),
    onGap: listeners.onGap,
    stop: async () => {
      stopped = true
      listeners.clear()
      retry?.()
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}

/** Opens a listening connection; `lost` is called once, when it ends after that. */
async function listen(
  { databaseUrl, log }: PostgresBroadcastOptions,
  channel: string,
  listeners: Listeners,
  lost: () => void,
): Promise<pg.Client> {
  if (!/^[a-z_]+$/.test(channel)) throw new AppError('bug', `"${channel}" is no channel name.`)
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'onequeue broadcast',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
  })
  client.on('error', (err) => log.warn({ err }, 'The broadcast lost its connection.'))
  client.on('notification', ({ payload }) => {
    if (payload !== undefined) listeners.deliver(payload)
  })
  try {
    await client.connect()
    await client.query(`listen ${channel}`)
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  client.on('end', lost)
  return client
}
