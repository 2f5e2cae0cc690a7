import { attendedQueue } from '../../../db/queries/visitors.ts'
import type { ChatService } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import type { ChatInbox } from './chat-inbox.ts'
import { openingOf } from './opening.ts'

/** How long an answer about a queue's attendance is good for, milliseconds: agents come and go by the minute. */
const attendanceMs = 5_000

const attendance = new WeakMap<ServiceContext, Map<string, { readonly until: number; readonly attended: Promise<boolean> }>>()

/** Whether a visitor who writes now is answered in the chat. */
export async function chatService(ctx: ServiceContext, { inbox, config }: ChatInbox): Promise<ChatService> {
  const { open, opensAt } = await openingOf(ctx, inbox)
  if (!open) return { mode: config.awayForm === 'off' ? 'open' : 'closed', opensAt }
  if (config.awayForm !== 'closed_or_unattended' || (await isAttended(ctx, inbox.queueId))) return { mode: 'open', opensAt: null }
  return { mode: 'unattended', opensAt: null }
}

function isAttended(ctx: ServiceContext, queueId: string): Promise<boolean> {
  const known = attendance.get(ctx) ?? new Map()
  attendance.set(ctx, known)
  const now = ctx.clock.now()
  const last = known.get(queueId)
  if (last !== undefined && last.until > now) return last.attended
  const attended = attendedQueue(ctx.store, { queueId, now }).then((rows) => rows.length > 0)
  known.set(queueId, { until: now + attendanceMs, attended })
  attended.catch(() => known.delete(queueId))
  return attended
}
