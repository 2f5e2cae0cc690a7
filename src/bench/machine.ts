import { cpus, loadavg, totalmem } from 'node:os'

/** Where figures were measured; they are worth nothing without it. */
export interface Machine {
  readonly processors: number
  readonly model: string
  readonly memoryGib: number
  readonly system: string
  readonly node: string
  /** Whether server and load were held to a processor each. */
  readonly pinned: boolean
  /** Load averages over one minute, before and after: above the number of processors, others were at work too. */
  readonly load: { readonly before: number; readonly after: number }
}

/** Describes this machine. */
export function describeMachine(pinned: boolean, loadBefore: number): Machine {
  const processors = cpus()
  return {
    processors: processors.length,
    model: processors[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    system: process.platform,
    node: process.version,
    pinned,
    load: { before: loadBefore, after: loadNow() },
  }
}

/** The load average of the last minute. */
export function loadNow(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2))
}
