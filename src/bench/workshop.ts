import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a run of the benchmarks has its files, what it measures with, and whom it tells. */
export interface Workshop {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Seconds of each measured stretch. */
  readonly seconds: number
  /** How often each measurement is repeated. */
  readonly runs: number
  /** Whether processes can be held to one processor each. */
  readonly pinning: boolean
  /** A new empty folder, removed with the workshop. */
  folder(name: string): string
  /** Says how far it is; goes to standard error. */
  say(line: string): void
  close(): void
}

/** Where processes run: the server on one processor and the load on another, or wherever the system puts them. */
export interface Cores {
  readonly server: number | null
  readonly load: number | null
}

/** Server on the first processor, load on the second; unpinned where the machine cannot. */
export function pinnedCores({ pinning }: Workshop): Cores {
  return pinning ? { server: 0, load: 1 } : { server: null, load: null }
}

/** Sets up a folder in the system's place for temporary files. */
export function openWorkshop(given: Pick<Workshop, 'env' | 'seconds' | 'runs' | 'say'>, processors: number): Workshop {
  const root = mkdtempSync(join(tmpdir(), 'onequeue-bench-'))
  const pinning = processors > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0
  return {
    ...given,
    pinning,
    folder: (name) => mkdtempSync(join(root, `${name}-`)),
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}
