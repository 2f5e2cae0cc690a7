import { createSystemClock } from '../adapters/clock-system.ts'
import { readConfig } from '../config.ts'
import type { RunCommand } from './command.ts'
import { examineDatabase } from './doctor/examine-database.ts'
import { examineMachine } from './doctor/examine-machine.ts'

const marks = { ok: '✓', warning: '!', fault: '✗' } as const

/** Looks at everything the hub stands on and says in a sentence each how it is. Changes nothing; 1 when something keeps the hub from working. */
export const run: RunCommand = async ({ env, print }) => {
  const config = readConfig(env)
  const findings = [...(await examineMachine(config)), ...(await examineDatabase(config, createSystemClock().now()))]
  for (const { level, says } of findings) print(`${marks[level]} ${says}`)
  return findings.some(({ level }) => level === 'fault') ? 1 : 0
}
