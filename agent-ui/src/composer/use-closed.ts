import type { Conversation } from '../../../src/wire/conversations.ts'
import { useMay, useMe } from '../live/use-things.ts'

/** Why no reply can be written here now. `take`: it would first have to become one's own. */
export type Closed = 'blocked' | 'resolved' | 'take' | 'other' | 'snoozed' | 'permission'

/** Whether a reply can be written, and why not; notes ask for their own permission only. */
export function useClosed(conversation: Conversation): Closed | null {
  const me = useMe().agent.id
  const mayReply = useMay('conversation.reply')
  const mayTake = useMay('conversation.assign')
  const mayTakeAny = useMay('conversation.assign_any')
  if (!mayReply) return 'permission'
  if (conversation.status === 'resolved') return 'resolved'
  if (conversation.blocked) return 'blocked'
  if (conversation.assigneeId === me) return conversation.status === 'snoozed' ? 'snoozed' : null
  if (conversation.assigneeId === null) return mayTake ? 'take' : 'permission'
  return mayTakeAny ? 'take' : 'other'
}
