/**
 * A node that takes one job and never ends it, for tests that kill nodes.
 * Arguments: Redis address, key prefix. Writes "taken" once the job runs.
 */
import { createSystemClock } from '../../src/adapters/clock-system.ts'
import { createBullJobQueue } from '../../src/adapters/job-queue-bull.ts'
import { createLog } from '../../src/lib/log.ts'

const [redisUrl = '', prefix = ''] = process.argv.slice(2)
const queue = createBullJobQueue({
  redisUrl,
  prefix,
  clock: createSystemClock(),
  log: createLog({ level: 'silent' }),
  lockMs: 1_000,
})
queue.process('fatal', () => {
  process.stdout.write('taken\n')
  return new Promise(() => undefined)
})
await queue.start()
