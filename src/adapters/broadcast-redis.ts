import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Broadcast } from '../ports/broadcast.ts'
import { createListeners, packBroadcast } from './broadcast-message.ts'
import { openRedis, redisReady, within } from './redis-connection.ts'

/** How long `publish` and `subscribe` wait for Redis, milliseconds. */
const timeoutMs = 2_000

/** What the Redis broadcast needs. */
export interface RedisBroadcastOptions {
  readonly redisUrl: string
  readonly log: Log
  /** First part of the channel's name; 'onequeue' when left out. */
  readonly prefix?: string
}

/**
 * A broadcast over Redis publish/subscribe. One channel carries all topics: the traffic is small, and
 * one subscription is simple to restore after a loss.
 * @throws AppError 'unavailable' when Redis does not answer at the start.
 */
export async function openRedisBroadcast({ redisUrl, log, prefix = 'onequeue' }: RedisBroadcastOptions): Promise<Broadcast> {
  const channel = `${prefix}:broadcast`
  const listeners = createListeners(log)
  const publisher = openRedis(redisUrl, log)
  const subscriber = openRedis(redisUrl, log)
  let stopped = false

  const stop = async (): Promise<void> => {
    stopped = true
    listeners.clear()
    publisher.disconnect()
    subscriber.disconnect()
  }

  try {
    await redisReady(publisher, timeoutMs)
    await within(subscriber.subscribe(channel), timeoutMs, 'Redis did not take the subscription in time.')
  } catch (error) {
    await stop()
    throw error
  }
  subscriber.on('message', (_channel, text) => listeners.deliver(text))
  // ioredis subscribes again by itself once it is ready; only then is it time to look again.
  subscriber.on('ready', () => {
    subscriber.subscribe(channel).then(listeners.gap, () => undefined)
  })

  return {
    publish: async (topic, payload) => {
      const text = packBroadcast(topic, payload)
      if (stopped || publisher.status !== 'ready') throw new AppError('unavailable', 'Redis is away; nothing was broadcast.')
      await within(publisher.publish(channel, text), timeoutMs, 'Redis did not take the broadcast in time.')
    },
    subscribe: async (topic, listener) => listeners.add(topic, listener),
    onGap: listeners.onGap,
    stop,
  }
}
