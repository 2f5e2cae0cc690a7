import type { ChildProcess } from 'node:child_process'
import { AppError } from '../lib/errors.ts'
import type { OperationInput, OperationName, OperationOutput, operations } from './operations.ts'
import { end, spawnBenchChild } from './processes.ts'
import type { Workshop } from './workshop.ts'

interface Question {
  readonly id: number
  readonly name: OperationName
  readonly input: unknown
}

interface Reply {
  readonly id: number
  readonly ok: boolean
  readonly value: unknown
}

/** A process of the benchmark's own that does what it is asked. */
export interface BenchChild {
  readonly process: ChildProcess
  /** @throws AppError 'bug' with what went wrong there. */
  ask<N extends OperationName>(name: N, input: OperationInput<N>): Promise<OperationOutput<N>>
  close(): Promise<void>
}

/** Starts one, held to `core` when given. */
export function startBenchChild(shop: Workshop, core: number | null): BenchChild {
  const child = spawnBenchChild(shop, core)
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let asked = 0
  child.on('message', (message) => {
    const { id, ok, value } = message as Reply
    const settle = waiting.get(id)
    waiting.delete(id)
    if (ok) settle?.resolve(value)
    else settle?.reject(new AppError('bug', String(value)))
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new AppError('bug', 'A process of the benchmark ended early.'))
    waiting.clear()
  })
  return {
    process: child,
    ask: <N extends OperationName>(name: N, input: OperationInput<N>) =>
      new Promise<OperationOutput<N>>((resolve, reject) => {
        const question: Question = { id: (asked += 1), name, input }
        waiting.set(question.id, { resolve: (value) => resolve(value as OperationOutput<N>), reject })
        child.send(question)
      }),
    close: () => end(child, 'SIGKILL'),
  }
}

/** Serves the process that started this one until it hangs up. */
export function serveParent(table: typeof operations): Promise<void> {
  return new Promise((resolve) => {
    process.once('disconnect', resolve)
    process.on('message', (message) => {
      const { id, name, input } = message as Question
      const operation = table[name] as (input: unknown) => Promise<unknown>
      operation(input).then(
        (value) => answer({ id, ok: true, value }),
        (error: unknown) => answer({ id, ok: false, value: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      )
    })
  })
}

function answer(reply: Reply): void {
  if (process.connected) process.send?.(reply)
}
