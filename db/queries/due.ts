import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { ChannelId } from '../../src/wire/words.ts'
import type { Store } from '../store.ts'

type Ids = Promise<string[]>

/** Snoozed conversations whose time has come. */
export async function dueSnoozes({ db, t: { conversations: c } }: Store, now: number, limit: number): Ids {
  return idsOf(
    await db
      .select({ id: c.id })
      .from(c)
      .where(and(sql`${c.snoozedUntil} is not null`, lte(c.snoozedUntil, now)))
      .orderBy(asc(c.snoozedUntil))
      .limit(limit),
  )
}

/** Conversations whose wrap-up time is over. */
export async function dueWrapUps({ db, t: { conversations: c } }: Store, now: number, limit: number): Ids {
  return idsOf(
    await db
      .select({ id: c.id })
      .from(c)
      .where(and(sql`${c.wrapUpUntil} is not null`, lte(c.wrapUpUntil, now)))
      .orderBy(asc(c.wrapUpUntil))
      .limit(limit),
  )
}

/** Conversations of a channel that have waited for their customer since before `before`. */
export async function idleConversations({ db, t: { conversations: c } }: Store, channel: ChannelId, before: number, limit: number): Ids {
  return idsOf(
    await db
      .select({ id: c.id })
      .from(c)
      .where(
        and(
          eq(c.channel, channel),
          lte(c.lastMessageAt, before),
          sql`${c.status} = 'active' and ${c.awaiting} = 'customer' and ${c.parkedAt} is null`,
        ),
      )
      .orderBy(asc(c.lastMessageAt))
      .limit(limit),
  )
}

/** Inbound media whose next fetch is due. */
export async function dueFiles({ db, t: { files: f } }: Store, now: number, limit: number): Ids {
  return idsOf(
    await db
      .select({ id: f.id })
      .from(f)
      .where(and(sql`${f.nextAttemptAt} is not null`, lte(f.nextAttemptAt, now)))
      .orderBy(asc(f.nextAttemptAt))
      .limit(limit),
  )
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map((row) => row.id)
}
