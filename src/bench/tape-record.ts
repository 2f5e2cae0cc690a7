import { readConfig } from '../config.ts'
import { assembleContext } from '../hub.ts'
import type { OpenInbox, ServiceContext } from '../services/context.ts'
import { acceptDelivery } from '../services/deliveries/accept-delivery.ts'
import type { Centre } from './centre.ts'
import { bodyOf, type LinePlan, originalOf, signatureOf } from './line-plan.ts'
import { hubEnv } from './processes.ts'
import { playTape } from './tape-play.ts'
import { type Tape, tapeStatements } from './tape-statements.ts'

/** What to record. */
export interface TapeInput {
  readonly centre: Pick<Centre, 'dataDir' | 'inboxId'>
  /** Brings the customers in; not recorded. */
  readonly first: LinePlan
  readonly plan: LinePlan
  readonly count: number
  /** Webhooks waiting at once, so the size of a commit's group. */
  readonly waiting: number
  /** An existing folder for the copies of the database. */
  readonly folder: string
  readonly plays: number
}

/** What the same statements cost with nothing around them. */
export interface TapeOutcome {
  /** Webhooks a second, each play of its own. */
  readonly rates: readonly number[]
  readonly statementsEach: number
  readonly webhooksPerCommit: number
}

/**
 * Takes webhooks in by the hub's own use case, without HTTP, notes every statement on the writing connection with its
 * values, and plays them on a copy of the database by bare better-sqlite3: same statements, same values, same commits.
 */
export async function recordTape({ centre, first, plan, count, waiting, folder, plays }: TapeInput): Promise<TapeOutcome> {
  const copy = `${folder}/before.db`
  const recorder = tapeStatements()
  let tape: Tape
  const { ctx, stop } = await assembleContext(readConfig(hubEnv(centre.dataDir, 3_000)))
  try {
    const inbox = await ctx.inboxes.get(centre.inboxId)
    await takeIn(ctx, inbox, first, first.senders, waiting)
    await ctx.store.backup(copy)
    recorder.begin()
    await takeIn(ctx, inbox, plan, count, waiting)
    tape = recorder.end()
  } finally {
    recorder.remove()
    await stop()
  }
  const rates: number[] = []
  for (let play = 0; play < plays; play++) rates.push((count * 1_000) / playTape(tape, copy, `${folder}/play-${play}.db`))
  return { rates, statementsEach: tape.steps.length / count, webhooksPerCommit: count / tape.commits }
}

/** Keeps `waiting` webhooks under way. */
async function takeIn(ctx: ServiceContext, inbox: OpenInbox, plan: LinePlan, count: number, waiting: number): Promise<void> {
  let next = 0
  const one = async (): Promise<void> => {
    while (next < count) {
      const text = bodyOf(plan, originalOf(plan, next++))
      const headers = { 'x-line-signature': signatureOf(plan.channelSecret, text) }
      await acceptDelivery(ctx, inbox, { method: 'POST', path: '', publicUrl: '', headers, body: Buffer.from(text) })
    }
  }
  await Promise.all(Array.from({ length: waiting }, one))
}
