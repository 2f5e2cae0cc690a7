import type { z } from 'zod'
import { AppError } from '../../lib/errors.ts'
import type { ServiceContext } from '../../services/context.ts'
import type { Visitor } from '../../services/visitors/chat-inbox.ts'
import { chatService } from '../../services/visitors/chat-service.ts'
import { loadVisitorHistory, syncVisitor } from '../../services/visitors/load-visitor-thread.ts'
import { visitorTypingSignal } from '../../services/visitors/note-visitor-typing.ts'
import { recordVisitorProgress } from '../../services/visitors/record-visitor-progress.ts'
import { sendVisitorMessage } from '../../services/visitors/send-visitor-message.ts'
import type { VisitorLimits } from '../../services/visitors/visitor-limits.ts'
import { type VisitorCallName, visitorCalls } from '../../wire/visitor.ts'

/** Broadcast topic for signs of typing, whoever types; the payload is the `typing` signal of `wire/events`. */
export const typingTopic = 'typing'

/** Who calls, from where. */
export interface VisitorCaller {
  readonly ctx: ServiceContext
  readonly limits: VisitorLimits
  readonly visitor: Visitor
  readonly ip: string
  /** Kept per socket: epoch ms before which typing is not told again. */
  quietUntil: number
}

type Handler<K extends VisitorCallName> = (
  caller: VisitorCaller,
  input: z.output<(typeof visitorCalls)[K]['input']>,
) => Promise<z.output<(typeof visitorCalls)[K]['output']>>

const typingEveryMs = 2_500

/** What each call does; every one acts on the caller's own thread and none takes an id that could name another's. */
const handlers: { readonly [K in VisitorCallName]: Handler<K> } = {
  sync: ({ ctx, visitor }, { since, limit }) => syncVisitor(ctx, visitor, since, limit),
  history: ({ ctx, visitor }, { before, limit }) => loadVisitorHistory(ctx, visitor, before, limit),
  'message.send': async ({ ctx, limits, visitor, ip }, input) => {
    await limits.speak(ip, visitor.inbox.id, visitor.visitorId)
    return sendVisitorMessage(ctx, visitor, input)
  },
  progress: async ({ ctx, visitor }, progress) => {
    await recordVisitorProgress(ctx, visitor, progress)
    return {}
  },
  typing: async (caller) => {
    const { ctx, visitor } = caller
    if (ctx.clock.now() < caller.quietUntil) return {}
    caller.quietUntil = ctx.clock.now() + typingEveryMs
    const signal = await visitorTypingSignal(ctx, visitor)
    if (signal !== null) await ctx.broadcast.publish(typingTopic, signal)
    return {}
  },
  service: ({ ctx, visitor }) => chatService(ctx, visitor),
}

/** Every call of the `/visitor` namespace with what it takes to make it: a visitor token, which opens its own thread only. */
export const visitorCallTable: readonly { readonly name: VisitorCallName; readonly permission: 'visitor' }[] = (
  Object.keys(handlers) as VisitorCallName[]
).map((name) => ({ name, permission: 'visitor' }))

/**
 * Validates and runs one call.
 * @throws AppError 'not_found' for a call that does not exist; ZodError for an input that does not fit; what the call itself throws.
 */
export async function runVisitorCall(caller: VisitorCaller, name: string, input: unknown): Promise<unknown> {
  if (!isCall(name)) throw new AppError('not_found', 'There is no such call.', { code: 'unknown_call' })
  return runCall(name, caller, input)
}

function isCall(name: string): name is VisitorCallName {
  return Object.hasOwn(handlers, name)
}

function runCall<K extends VisitorCallName>(name: K, caller: VisitorCaller, input: unknown): Promise<unknown> {
  const parsed = visitorCalls[name].input.parse(input ?? {}) as z.output<(typeof visitorCalls)[K]['input']>
  return handlers[name](caller, parsed)
}
