import type { ThreadHead, ThreadMessageRow } from '../../db/queries/visitor-threads.ts'
import { type CardKind, cardBodySchema } from '../wire/cards.ts'
import type { MessagePart } from '../wire/messages.ts'
import { type VisitorMessage, type VisitorState, webchatCardKinds } from '../wire/visitor.ts'
import type { OutboxStatus } from '../wire/words.ts'

/** Delivery states of our messages that the visitor's side has been given; before and beside them a message is ours alone. */
const handedOver: ReadonlySet<OutboxStatus> = new Set<OutboxStatus>(['accepted', 'delivered', 'read'])

/** Whether a message may be shown to the visitor: what they wrote, and what of ours was handed over. Notes and lines never. */
export function isForVisitor(row: Pick<ThreadMessageRow, 'direction' | 'delivery'>): boolean {
  return row.direction === 'in' || (row.direction === 'out' && row.delivery !== null && handedOver.has(row.delivery))
}

/**
 * A message as its visitor sees it: no ids of people, no provider data, nothing of a message taken back.
 * @param row one that `isForVisitor`.
 * @param authorName display name of the colleague who wrote; null for the visitor's own.
 * @param readCount ordinal up to which an agent has read the conversation.
 */
export function presentVisitorMessage(row: ThreadMessageRow, authorName: string | null, readCount: number): VisitorMessage {
  const own = row.direction === 'in'
  return {
    id: row.id,
    conversationId: row.conversationId,
    ordinal: row.ordinal,
    direction: own ? 'in' : 'out',
    authorName: own ? null : authorName,
    parts: row.unsentAt === null ? row.parts.flatMap(presentPart) : [],
    clientId: own ? row.clientId : null,
    status: own ? (row.ordinal <= readCount ? 'read' : 'delivered') : null,
    unsent: row.unsentAt !== null,
    at: row.createdAt,
  }
}

function presentPart(part: MessagePart): MessagePart[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }]
    case 'media': {
      const { album: _, ...rest } = part
      return [rest]
    }
    case 'location':
    case 'sticker':
      return [part]
    case 'choice':
      return presentChoice(part)
    case 'card':
      return [presentCard(part)]
    case 'quick_replies':
      return [part]
    case 'calendar':
    case 'system':
    case 'unsupported':
      return []
  }
}

/** A form is shown with what was filled in; of a tap only what it said. */
function presentChoice(part: Extract<MessagePart, { type: 'choice' }>): MessagePart[] {
  if (part.data.startsWith('form:'))
    return [{ type: 'choice', data: part.data, ...(part.params === undefined ? {} : { params: part.params }) }]
  return part.label === undefined ? [] : [{ type: 'text', text: part.label }]
}

/** Kinds of cards that browsers draw; the words that stand for it are shown of the others. */
const drawn: ReadonlySet<string> = new Set<CardKind>(webchatCardKinds)

function presentCard({ altText, body }: Extract<MessagePart, { type: 'card' }>): MessagePart {
  const known = cardBodySchema.safeParse(body)
  return known.success && drawn.has(known.data.kind) ? { type: 'card', altText, body: known.data } : { type: 'text', text: altText }
}

/** Where the conversation stands, in the visitor's words; null before the first message. */
export function presentVisitorState(head: ThreadHead | null, agentName: string | null): VisitorState {
  if (head === null) return { conversationId: null, status: 'none', agentName: null, readCount: 0, seenCount: 0 }
  return { conversationId: head.id, status: visitorStatus(head), agentName, readCount: head.readCount, seenCount: head.customerReadCount }
}

function visitorStatus(head: ThreadHead): VisitorState['status'] {
  switch (head.status) {
    case 'bot':
    case 'queued':
    case 'offered':
      return 'waiting'
    case 'snoozed':
      return head.assigneeId === null ? 'waiting' : 'talking'
    case 'active':
      return 'talking'
    case 'wrap_up':
    case 'resolved':
      return 'ended'
  }
}
