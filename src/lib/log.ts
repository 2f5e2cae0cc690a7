import { type DestinationStream, destination, type Level, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino'
import { maskFields, maskLine } from './log-mask.ts'

/** Writes JSON lines. Give it ids and figures; what is secret or said by people is masked, but does not belong here. */
export type Log = Logger

/** Who speaks in the log: one name for each part of the hub. */
export type LogName =
  | 'hub'
  | 'http'
  | 'webhooks'
  | 'realtime'
  | 'routing'
  | 'search'
  | 'jobs'
  | 'channel'
  | 'store'
  | 'broadcast'
  | 'limiter'
  | 'egress'
  | 'automation'
  | 'sandbox'
  | 'cli'

/** Where and how much is written. */
export interface LogOptions {
  readonly level: Level | 'silent'
  /** Standard output when left out. */
  readonly stream?: DestinationStream
  /** Collects lines and writes them in larger pieces; call `flush` before the process ends. False when left out. */
  readonly buffered?: boolean
}

/**
 * Makes the root log. Levels: `error` someone must act, `warn` we coped, `info` one line for each
 * delivery, assignment and send, `debug` decisions. Fields named in `log-mask.ts` are masked at every
 * depth; telephone numbers, bearer tokens and JSON web tokens are masked wherever they stand.
 */
export function createLog({ level, stream, buffered = false }: LogOptions): Log {
  const target = stream ?? destination({ sync: !buffered, minLength: buffered ? 4_096 : 0 })
  return pino(
    {
      level,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: maskFields },
      serializers: { err: maskError, error: maskError },
      hooks: { streamWrite: maskLine },
    },
    target,
  )
}

function maskError(error: Error): Record<string, unknown> {
  return maskFields({ ...stdSerializers.err(error) })
}

/** The log of one part, with `ids` (such as `conversationId`) on each of its lines. */
export function namedLog(log: Log, name: LogName, ids: Readonly<Record<string, string>> = {}): Log {
  return log.child({ name, ...ids })
}
