import { AppError } from '../lib/errors.ts'
import { measureWebhooks } from './b1-webhooks.ts'
import { measurePushes } from './b2-push.ts'
import { measureRouting } from './b3-assignments.ts'
import { measureStall } from './b5-stall.ts'
import { measureSearch } from './b6-search.ts'
import { measureMail } from './b7-mail.ts'
import { measureLists } from './b8-lists.ts'
import { measureStarts } from './b10-start.ts'
import { measureMemory } from './b11-memory.ts'
import { measureKills } from './b12-kill.ts'
import { measureVisitors } from './b13-visitors.ts'
import type { Figure } from './figures.ts'
import type { Workshop } from './workshop.ts'

/** One workload. */
export interface Bench {
  readonly id: string
  readonly does: string
  readonly measure: (shop: Workshop) => Promise<Figure[]>
}

/** Every workload, in the order in which they run. */
export const benches: readonly Bench[] = [
  { id: 'B1', does: 'signed LINE webhooks into the database', measure: measureWebhooks },
  { id: 'B2', does: 'webhook to the agents’ sockets', measure: measurePushes },
  { id: 'B3', does: 'routing: decisions in memory, durable assignments, arrival to first offer', measure: measureRouting },
  { id: 'B5', does: 'a console that stalls and wakes', measure: measureStall },
  { id: 'B6', does: 'search in a million messages', measure: measureSearch },
  { id: 'B7', does: 'mail from a real IMAP server into conversations', measure: measureMail },
  { id: 'B8', does: 'pages of the conversation list', measure: measureLists },
  { id: 'B10', does: 'start until ready', measure: measureStarts },
  { id: 'B11', does: 'memory and processor at rest, memory of an agent', measure: measureMemory },
  { id: 'B12', does: 'twenty kills under load', measure: measureKills },
  { id: 'B13', does: 'ten thousand open chats, and two thousand who come back at once', measure: measureVisitors },
]

/** The workloads named in a comma list; all without one. @throws AppError 'invalid_input' for one that does not exist. */
export function chosenBenches(only: string | undefined): readonly Bench[] {
  if (only === undefined) return benches
  return only.split(',').map((word) => {
    const bench = benches.find(({ id }) => id.toLowerCase() === word.trim().toLowerCase())
    if (bench === undefined)
      throw new AppError('invalid_input', `There is no "${word}"; there are ${benches.map(({ id }) => id).join(', ')}.`)
    return bench
  })
}
