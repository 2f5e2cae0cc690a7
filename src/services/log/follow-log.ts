import { eventsAfter, type LogEvent, newestSeq } from '../../../db/queries/log.ts'
import type { ServiceContext } from '../context.ts'

/** Topic on which nodes tell each other that the log has grown. */
export const logTopic = 'log'
const pageSize = 500
const pollMs = 500

/** A reader of the log. */
export interface LogFollower {
  /** The newest event handed on. */
  readonly seq: number
  stop(): Promise<void>
}

/**
 * Hands every event after `after` to `onEvents`, in order, page by page, each once; the next page comes when
 * the promise settles. Commits of this node, hints of other nodes and a poll wake it; missing all hints delays
 * by the poll and loses nothing. An error is logged and the page is tried again at the next wake-up.
 * @param after null = from now on.
 */
export async function followLog(
  ctx: ServiceContext,
  name: string,
  after: number | null,
  onEvents: (events: readonly LogEvent[]) => Promise<void> | void,
): Promise<LogFollower> {
  let seq = after ?? (await newestSeq(ctx.store))
  let stopped = false
  let wanted = true
  let running: Promise<void> | null = null

  const drain = async () => {
    while (wanted && !stopped) {
      wanted = false
      for (let page = await eventsAfter(ctx.store, pageOf(seq)); page.length > 0 && !stopped; page = await eventsAfter(ctx.store, pageOf(seq))) {
        await onEvents(page)
        seq = page.at(-1)?.seq ?? seq
      }
    }
  }
  const wake = () => {
    wanted = true
    if (running !== null || stopped) return
    running = drain()
      .catch((error: unknown) => ctx.log.error({ err: error, follower: name, seq }, 'following the log failed; trying again'))
      .finally(() => {
        running = null
        if (wanted && !stopped) setImmediate(wake)
      })
  }
  const cancels = [ctx.store.onCommit(wake), await ctx.broadcast.subscribe(logTopic, wake), ctx.broadcast.onGap(wake)]
  let cancelPoll = () => {}
  const poll = () => {
    cancelPoll = ctx.clock.after(pollMs, () => {
      wake()
      if (!stopped) poll()
    })
  }
  poll()
  wake()
  return {
    get seq() {
      return seq
    },
    stop: async () => {
      stopped = true
      cancelPoll()
      for (const cancel of cancels) cancel()
      await running
    },
  }
}

function pageOf(seq: number) {
  return { after: seq, upTo: Number.MAX_SAFE_INTEGER, limit: pageSize }
}
