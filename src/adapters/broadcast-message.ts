import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { maxBroadcastBytes } from '../ports/broadcast.ts'
import type { Cancel } from '../ports/clock.ts'

/**
 * The text that travels: topic and payload as one JSON array.
 * @throws AppError 'too_large'.
 */
export function packBroadcast(topic: string, payload: unknown): string {
  const text = JSON.stringify([topic, payload ?? null])
  const bytes = Buffer.byteLength(text)
  if (bytes > maxBroadcastBytes) {
    throw new AppError('too_large', `A broadcast carries at most ${maxBroadcastBytes} bytes.`, { topic, bytes })
  }
  return text
}

/** The listeners of this node by topic. */
export interface Listeners {
  add(topic: string, listener: (payload: unknown) => void): Cancel
  /** Hands a packed message to its listeners; what cannot be read is logged and dropped. */
  deliver(text: string): void
  onGap(listener: () => void): Cancel
  /** Tells all gap listeners. */
  gap(): void
  clear(): void
}

/** Makes an empty set of listeners. */
export function createListeners(log: Log): Listeners {
  const topics = new Map<string, Set<(payload: unknown) => void>>()
  const gaps = new Set<() => void>()

  const add = (topic: string, listener: (payload: unknown) => void): Cancel => {
    const own = (payload: unknown): void => listener(payload)
    const set = topics.get(topic) ?? new Set()
    topics.set(topic, set.add(own))
    return () => {
      if (set.delete(own) && set.size === 0 && topics.get(topic) === set) topics.delete(topic)
    }
  }

  const deliver = (text: string): void => {
    try {
      const message: unknown = JSON.parse(text)
      if (!Array.isArray(message) || typeof message[0] !== 'string') throw new Error('Not a packed broadcast.')
      for (const listener of topics.get(message[0]) ?? []) listener(message[1])
    } catch (err) {
      log.warn({ err }, 'A broadcast was dropped.')
    }
  }

  return {
    add,
    deliver,
    onGap: (listener) => {
      const own = (): void => listener()
      gaps.add(own)
      return () => void gaps.delete(own)
    },
    gap: () => {
      for (const listener of gaps) listener()
    },
    clear: () => {
      topics.clear()
      gaps.clear()
    },
  }
}
