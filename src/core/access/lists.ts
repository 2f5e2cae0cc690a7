import { holds, type Viewer } from './authorize.ts'

/** Whether a person may see what is in a queue: numbers and waiting conversations. Its name and rules need `queue.read` alone. */
export function canSeeQueue(viewer: Viewer, queueId: string): boolean {
  return holds(viewer, 'queue.read') && (viewer.visibility === 'all' || viewer.queueIds.has(queueId))
}

/** Whether a person may see that an inbox exists. */
export function canSeeInbox(viewer: Viewer, inboxId: string): boolean {
  return holds(viewer, 'inbox.read') && !viewer.hiddenInboxIds.has(inboxId)
}

/** Whether a person may see a colleague; everybody sees themselves. */
export function canSeeAgent(viewer: Viewer, agentId: string): boolean {
  return viewer.agentId === agentId || holds(viewer, 'agent.read')
}
