import type { Redis } from 'ioredis'
import type { Clock } from '../ports/clock.ts'

/** Says which job of the queue waits for a key. */
export interface KeyMarks {
  /** Takes the key for `jobId` unless a job waits for it that is due as early. `replaces` is the later job that now stands aside. */
  claim(name: string, key: string, jobId: string, delayMs: number): Promise<{ won: boolean; replaces: string | undefined }>
  /** Frees the key when `jobId` holds it: what is added from now on is another job. */
  release(name: string, key: string, jobId: string): Promise<void>
}

/**
 * How much longer than its delay a mark lives. A node that dies between taking a key and adding its
 * job blocks that key for this time; a backlog longer than it lets a second job of the key in.
 */
const markMarginMs = 60_000

/** KEYS[1] mark; ARGV: due instant, job id, time to live. The mark is "due instant:job id". */
const claimScript = `
local held = redis.call('get', KEYS[1])
local later = ''
if held then
  local colon = string.find(held, ':', 1, true)
  if tonumber(string.sub(held, 1, colon - 1)) <= tonumber(ARGV[1]) then return {0, ''} end
  later = string.sub(held, colon + 1)
end
redis.call('set', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'px', ARGV[3])
return {1, later}`

/** KEYS[1] mark; ARGV: job id. */
const releaseScript = `
local held = redis.call('get', KEYS[1])
if held and string.sub(held, string.find(held, ':', 1, true) + 1) == ARGV[1] then redis.call('del', KEYS[1]) end
return 0`

/** Keeps the marks in Redis under `prefix`. */
export function createKeyMarks(redis: Redis, prefix: string, clock: Clock): KeyMarks {
  const markOf = (name: string, key: string): string => `${prefix}:${name}:${key}`
  return {
    claim: async (name, key, jobId, delayMs) => {
      const dueAt = Math.round(clock.now() + delayMs)
      const lifeMs = Math.round(delayMs + markMarginMs)
      const answer: unknown = await redis.eval(claimScript, 1, markOf(name, key), dueAt, jobId, lifeMs)
      const [won, later] = Array.isArray(answer) ? answer : []
      return { won: won === 1, replaces: typeof later === 'string' && later !== '' ? later : undefined }
    },
    release: async (name, key, jobId) => {
      await redis.eval(releaseScript, 1, markOf(name, key), jobId)
    },
  }
}
