import type { Cancel } from './clock.ts'

/** The largest payload of `publish`, in bytes of UTF-8 JSON with its topic (PostgreSQL's NOTIFY takes 8,000). */
export const maxBroadcastBytes = 7_000

/**
 * Tells all nodes something small, at most once: hints that the log has grown, and what is
 * ephemeral by nature (typing, who is viewing). Losing messages loses nothing of record.
 */
export interface Broadcast {
  /**
   * Sends to every present subscriber of `topic`, this node's own included, in order per publisher.
   * @param payload JSON data; with the topic at most `maxBroadcastBytes`.
   * @throws AppError 'too_large'; 'unavailable' when the carrier cannot be reached in time.
   */
  publish(topic: string, payload: unknown): Promise<void>
  /**
   * Calls `listener` with each payload, never inside `publish`. In effect once the promise resolves.
   * @param listener must not throw.
   */
  subscribe(topic: string, listener: (payload: unknown) => void): Promise<Cancel>
  /** Calls `listener` after each interruption in which messages may have been lost: look again. */
  onGap(listener: () => void): Cancel
  /** Ends all subscriptions and connections. Idempotent. */
  stop(): Promise<void>
}
