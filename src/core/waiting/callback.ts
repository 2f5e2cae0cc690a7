import type { CallbackStatus, CallbackTry } from '../../wire/callbacks.ts'

/** A callback as its rules see it. Instants are epoch milliseconds. */
export interface CallbackState {
  readonly status: CallbackStatus
  readonly tries: number
  readonly maxTries: number
  readonly minGapMs: number
  /** The promised time; null = as the line comes to it. */
  readonly scheduledFor: number | null
  readonly nextTryAt: number | null
  readonly firstTryAt: number | null
  readonly lastTry: CallbackTry | null
  readonly promise: 'kept' | 'broken' | null
  readonly endedAt: number | null
}

/** What happens to a callback. */
export type CallbackEvent =
  | { readonly type: 'offered' }
  /** The offer ended otherwise than by being accepted. */
  | { readonly type: 'offer_ended' }
  /** The agent has accepted; only now the customer is dialled. */
  | { readonly type: 'dialled'; readonly promiseToleranceMs: number }
  | { readonly type: 'tried'; readonly result: CallbackTry }
  | { readonly type: 'cancelled' }
  /** The customer called first. */
  | { readonly type: 'customer_called' }

/** What comes of it; refused = the callback's state does not take the event. */
export type CallbackStep = { readonly ok: true; readonly next: CallbackState } | { readonly ok: false; readonly sentence: string }

/** A new callback; one for a promised time is not offered before it. */
export function newCallback(terms: Pick<CallbackState, 'maxTries' | 'minGapMs' | 'scheduledFor'>): CallbackState {
  return {
    ...terms,
    status: 'waiting',
    tries: 0,
    nextTryAt: terms.scheduledFor,
    firstTryAt: null,
    lastTry: null,
    promise: null,
    endedAt: null,
  }
}

/** Whether it may be offered to an agent now: it waits, and neither its promised time nor the gap between tries lies ahead. */
export function mayBeOffered({ status, nextTryAt }: CallbackState, now: number): boolean {
  return status === 'waiting' && (nextTryAt === null || nextTryAt <= now)
}

/** Carries a callback on by one event. Its age and place are its conversation's and no event here touches them. */
export function moveCallback(state: CallbackState, event: CallbackEvent, at: number): CallbackStep {
  if (state.endedAt !== null) return refused(`The callback has ended: ${state.status}.`)
  switch (event.type) {
    case 'offered':
      return mayBeOffered(state, at) ? done({ ...state, status: 'offered' }) : refused('It is not yet time for this callback.')
    case 'offer_ended':
      return state.status === 'offered' ? done({ ...state, status: 'waiting' }) : refused('The callback is not offered to anybody.')
    case 'dialled':
      return state.status === 'offered'
        ? done(dialled(state, at, event.promiseToleranceMs))
        : refused('An agent accepts the callback first.')
    case 'tried':
      return state.status === 'dialling' ? done(tried(state, event.result, at)) : refused('Nobody is being called.')
    case 'cancelled':
      return state.status === 'dialling' ? refused('The customer is being called.') : done(ended(state, 'cancelled', at))
    case 'customer_called':
      return done(ended(state, 'superseded', at))
  }
}

/** Of a promised time that has passed without a try: it is broken, whatever comes later. */
export function promiseBroken(state: CallbackState, now: number, toleranceMs: number): boolean {
  const { scheduledFor, firstTryAt, endedAt, promise } = state
  return promise === null && scheduledFor !== null && firstTryAt === null && endedAt === null && now > scheduledFor + toleranceMs
}

function dialled(state: CallbackState, at: number, toleranceMs: number): CallbackState {
  const { scheduledFor, firstTryAt, promise } = state
  const kept = scheduledFor === null || firstTryAt !== null ? promise : (promise ?? (at <= scheduledFor + toleranceMs ? 'kept' : 'broken'))
  return { ...state, status: 'dialling', tries: state.tries + 1, firstTryAt: firstTryAt ?? at, promise: kept, nextTryAt: null }
}

function tried(state: CallbackState, result: CallbackTry, at: number): CallbackState {
  const after = { ...state, lastTry: result }
  if (result === 'reached') return ended(after, 'reached', at)
  if (state.tries >= state.maxTries) return ended(after, 'failed', at)
  return { ...after, status: 'waiting', nextTryAt: at + state.minGapMs }
}

function ended(state: CallbackState, status: CallbackStatus, at: number): CallbackState {
  return { ...state, status, nextTryAt: null, endedAt: at }
}

function done(next: CallbackState): CallbackStep {
  return { ok: true, next }
}

function refused(sentence: string): CallbackStep {
  return { ok: false, sentence }
}
