import { createMemoryJobQueue } from '../../src/adapters/job-queue-memory.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { JobQueue } from '../../src/ports/job-queue.ts'

/** A job queue that loses what it is given while it is told to. */
export interface ForgetfulJobs {
  forgets: boolean
  /** How many wake-ups were lost. */
  lost: number
  create(clock: Clock): JobQueue
}

/** Makes one; it may serve several hubs one after the other. */
export function forgetfulJobs(): ForgetfulJobs {
  const jobs: ForgetfulJobs = {
    forgets: false,
    lost: 0,
    create: (clock) => {
      const queue = createMemoryJobQueue(clock)
      const add: JobQueue['add'] = async (...given) => {
        if (!jobs.forgets) return queue.add(...given)
        jobs.lost += 1
      }
      return { ...queue, add }
    },
  }
  return jobs
}
