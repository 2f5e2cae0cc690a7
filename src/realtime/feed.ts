import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventsAfter } from '../../db/queries/log.ts'
import type { ServiceContext } from '../services/context.ts'
import { type AccessWatch, mayHaveChangedRights } from './access-watch.ts'
import type { AgentConnection, Connections } from './connection.ts'
import type { FanOut } from './fan-out.ts'
import { hydrate } from './hydrate.ts'
import type { RealtimeMetrics } from './metrics.ts'
import { publicationsOf } from './publications.ts'
import { createStatsFeed } from './stats-feed.ts'
import type { LogBatch } from './tail.ts'

/** A console further behind than this loads afresh instead of being told everything. */
export const maxGap = 10_000
/** Events of one page of catching up. */
const pageSize = 256

/** Brings the log to the consoles of this node. */
export interface AgentFeed {
  /** Newest log number that has been told to all live consoles. */
  readonly position: number
  /** Tells a stretch of the log. Never rejects. */
  take(batch: LogBatch): Promise<void>
  /**
   * Places a new console: live at once without `since`, else told everything since, that number included (its
   * console may have heard only a part of it), or sent to load afresh.
   */
  join(connection: AgentConnection, since: number | null): void
  leave(connection: AgentConnection): void
  /** Makes a console load everything afresh and go on from here. */
  resync(connection: AgentConnection, reason: string): void
  /** Goes on with those who are behind and can be given more. */
  resume(): void
  /** Tells live consoles up to where they know everything. */
  heartbeat(): void
}

/** What the feed needs of its surroundings. */
export interface AgentFeedDeps {
  readonly connections: Connections
  readonly fanOut: FanOut
  readonly metrics: RealtimeMetrics
  readonly access: AccessWatch
  /** Hears that a console may no longer see a conversation. */
  closed(connection: AgentConnection, conversationId: string): void
}

/** Makes a feed that stands before the log's beginning. */
export function createAgentFeed(ctx: ServiceContext, { connections, fanOut, metrics, access, closed }: AgentFeedDeps): AgentFeed {
  const { store, clock, log } = ctx
  let position = 0
  let pumping: Promise<void> | null = null
  let again = false
  /** Consoles that have not yet been in step since they came. */
  const arriving = new Set<AgentConnection>()

  const live = (): AgentConnection[] => [...connections].filter((c) => c.mode === 'live')
  const stats = createStatsFeed({
    store,
    clock,
    log,
    position: () => position,
    tell: (publications) => fanOut.publish(publications, live(), closed),
  })
  const capabilitiesOf = (channel: Parameters<typeof ctx.inboxes.channel>[0]) => ctx.inboxes.channel(channel).capabilities

  const fall = (connection: AgentConnection): void => {
    connection.mode = 'behind'
    connection.cursor = position
    metrics.fellBehind()
    if (connection.stuck) connection.socket.disconnect(true)
  }

  const beat = (to: Iterable<AgentConnection>): void => {
    fanOut.signal('heartbeat', { seq: Math.max(0, Math.min(position, stats.toldUpTo)), at: clock.now() }, to)
  }

  const resync = (connection: AgentConnection, reason: string): void => {
    arriving.delete(connection)
    connection.mode = 'live'
    connection.forgetOutstanding()
    fanOut.signal('resync', { seq: position, reason }, [connection])
    metrics.resync('resync')
  }

  const arrive = (all: readonly AgentConnection[]): void => {
    if (all.length === 0) return
    for (const connection of all) {
      connection.mode = 'live'
      if (arriving.delete(connection)) metrics.resync('caught_up')
    }
    fanOut.publish(stats.current(), all, closed)
    beat(all)
  }

  /** Rights come first: nothing is told to those who lost them. Whose rights are not known are cut; they come back and prove them. */
  const applyAccess = async (batch: LogBatch): Promise<void> => {
    try {
      await access.apply(batch.events)
    } catch (err) {
      log.warn({ err }, 'Changed rights could not be read; all consoles are cut.')
      for (const connection of connections) connection.socket.disconnect(true)
    }
  }

  const tell = async (batch: LogBatch): Promise<void> => {
    await applyAccess(batch)
    const hydrated = await hydrate(store, batch.events)
    const publications = publicationsOf(hydrated, capabilitiesOf)
    for (const connection of live()) if (connection.congested) fall(connection)
    fanOut.publish(publications, live(), closed)
    // In the same turn: whoever becomes live from here on has had this stretch.
    position = batch.upTo
    for (const queueId of hydrated.touched.queues.keys()) {
      if (hydrated.queues.has(queueId)) continue
      hydrated.touched.stats.delete(queueId)
      stats.drop(queueId)
    }
    stats.mark(hydrated.touched.stats)
  }

  /** Those who are behind and can be given more. */
  const waiting = (): AgentConnection[] => [...connections].filter((c) => c.mode === 'behind' && c.ready)

  /** Reads one page from the hindmost on and gives it to all whose place lies in it. */
  const givePage = async (from: number): Promise<void> => {
    const upTo = position
    const events = await eventsAfter(store, { after: from, upTo, limit: pageSize })
    const end = events.length < pageSize ? upTo : (events[events.length - 1]?.seq ?? upTo)
    const hydrated = await hydrate(store, events)
    const publications = publicationsOf(hydrated, capabilitiesOf)
    const reached = waiting().filter((c) => c.cursor >= from && c.cursor < end)
    const rightsChanged = (c: AgentConnection) => events.some((event) => event.seq > c.cursor && mayHaveChangedRights(event, c.viewer))
    for (const connection of reached.filter(rightsChanged)) resync(connection, 'rights_changed')
    const receivers = reached.filter((c) => c.mode === 'behind')
    for (const cursor of new Set(receivers.map((c) => c.cursor))) {
      const group = receivers.filter((c) => c.cursor === cursor)
      fanOut.publish(
        publications.filter((p) => p.seq > cursor),
        group,
        closed,
      )
      for (const connection of group) connection.cursor = end
    }
  }

  const pump = async (): Promise<void> => {
    do {
      again = false
      await stats.ensure()
      for (const connection of waiting()) if (position - connection.cursor > maxGap) resync(connection, 'too_far_behind')
      const hindmost = Math.min(...waiting().map((c) => c.cursor))
      if (hindmost < position) await givePage(hindmost)
      arrive(waiting().filter((c) => c.cursor >= position))
      // A page is read and told without waiting for anything but the database; others get their turn here.
      await nextTurn()
    } while (again || waiting().length > 0)
  }

  const resume = (): void => {
    again = true
    if (pumping !== null || waiting().length === 0) return
    pumping = pump()
      .catch((err: unknown) => log.warn({ err }, 'Consoles could not be told what they missed; it is tried again.'))
      .finally(() => (pumping = null))
  }

  return {
    get position() {
      return position
    },
    take: async (batch) => {
      if (connections.size === 0) stats.reset()
      try {
        if (connections.size > 0 && batch.events.length > 0) await tell(batch)
        position = batch.upTo
      } catch (err) {
        log.warn({ err, upTo: batch.upTo }, 'A stretch of the log could not be told; consoles catch up with it.')
        for (const connection of live()) fall(connection)
        position = batch.upTo
      }
      resume()
    },
    join: (connection, since) => {
      if (since === null) {
        connection.mode = 'live'
        metrics.resync('fresh')
        beat([connection])
      } else if (since > position || position - since > maxGap) {
        resync(connection, since > position ? 'log_reset' : 'too_old')
      } else {
        arriving.add(connection)
        connection.mode = 'behind'
        connection.cursor = Math.max(0, since - 1)
        resume()
      }
    },
    leave: (connection) => void arriving.delete(connection),
    resync,
    resume,
    heartbeat: () => beat(live().filter((c) => !c.congested)),
  }
}
