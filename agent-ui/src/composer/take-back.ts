import { type Pending, useSends } from '../live/sends.ts'
import { restore } from './attachments.ts'
import { useDrafts } from './drafts.ts'
import { useMailDrafts } from './mail/mail-drafts.ts'

/** Puts an unsent message back into its composer, ahead of what has been begun there since. */
export function takeBack(pending: Pending): void {
  const { conversationId, kind, clientId, files, parts } = pending
  const words = parts.flatMap((p) => (p.type === 'text' ? [p.text] : [])).join('\n')
  const { texts, write, choose } = useDrafts.getState()
  const begun = texts[`${conversationId}:${kind}`]
  write(conversationId, kind, begun ? `${words}\n${begun}` : words)
  choose(conversationId, kind)
  const sent = useMailDrafts.getState().sent[clientId]
  if (sent !== undefined) useMailDrafts.getState().restore(conversationId, sent)
  restore(conversationId, files)
  useSends.getState().drop(clientId)
}
