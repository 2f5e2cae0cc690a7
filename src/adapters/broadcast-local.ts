import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '../lib/log.ts'
import type { Broadcast } from '../ports/broadcast.ts'
import { createListeners, packBroadcast } from './broadcast-message.ts'

/** A broadcast within this process, for a hub of one node. It has no gaps. */
export function createLocalBroadcast(log: Log): Broadcast {
  const listeners = createListeners(log)
  /** Listeners run outside the publisher's async context, as they do when a message comes from another node. */
  const outside = AsyncLocalStorage.snapshot()
  return {
    publish: async (topic, payload) => {
      const text = packBroadcast(topic, payload)
      outside(() => queueMicrotask(() => listeners.deliver(text)))
    },
    subscribe: async (topic, listener) => listeners.add(topic, listener),
    onGap: listeners.onGap,
    stop: async () => listeners.clear(),
  }
}
