import { z } from 'zod'
import type { Viewer } from '../../core/access/authorize.ts'
import { kindOf } from '../../lib/errors.ts'
import type { ServiceContext } from '../../services/context.ts'
import { approveMessage } from '../../services/conversations/approve-message.ts'
import { assignConversation } from '../../services/conversations/assign-conversation.ts'
import { extendWrapUp } from '../../services/conversations/extend-wrap-up.ts'
import { finishConversation } from '../../services/conversations/finish-conversation.ts'
import { getConversation } from '../../services/conversations/get-conversation.ts'
import { getMessage } from '../../services/conversations/get-message.ts'
import { listConversations } from '../../services/conversations/list-conversations.ts'
import { listMessages } from '../../services/conversations/list-messages.ts'
import { markRead } from '../../services/conversations/mark-read.ts'
import { reopenConversation } from '../../services/conversations/reopen-conversation.ts'
import { retryMessage } from '../../services/conversations/retry-message.ts'
import { sendMessage } from '../../services/conversations/send-message.ts'
import { snoozeConversation } from '../../services/conversations/snooze-conversation.ts'
import { wrapUpConversation } from '../../services/conversations/wrap-up-conversation.ts'
import { getWait } from '../../services/queues/estimate-wait.ts'
import { getClocks } from '../../services/sla/get-clocks.ts'
import { listParticipants } from '../../services/threads/list-participants.ts'
import {
  assignInputSchema,
  type Conversation,
  conversationListQuerySchema,
  conversationSchema,
  wrapUpInputSchema,
} from '../../wire/conversations.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { messageSchema, sendInputSchema } from '../../wire/messages.ts'
import { conversationPageSchema, messageListQuerySchema, messagePageSchema } from '../../wire/pages.ts'
import { participantSchema } from '../../wire/participants.ts'
import { waitEstimateSchema } from '../../wire/queues.ts'
import { slaClockSchema } from '../../wire/sla-policies.ts'
import { instantSchema } from '../../wire/words.ts'
import { type Route, route } from '../route.ts'

/** A conversation handed on may be out of its giver's sight. */
async function visibleOrNull(ctx: ServiceContext, viewer: Viewer, id: string): Promise<Conversation | null> {
  try {
    return await getConversation(ctx, viewer, id)
  } catch (error) {
    if (kindOf(error) === 'not_found') return null
    throw error
  }
}

/** Threads of work: reading them, answering, handing over, ending. */
export const conversationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/conversations',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Conversations you may see',
    description:
      '`waiting` begins with the longest wait, the other views with the newest message. A page may be shorter than asked for; only `nextCursor: null` is the end.',
    query: conversationListQuerySchema,
    output: conversationPageSchema,
    handler: ({ ctx, viewer, query }) => listConversations(ctx, viewer, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'A conversation',
    params: idParam,
    output: conversationSchema,
    handler: ({ ctx, viewer, params }) => getConversation(ctx, viewer, params.id),
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id/messages',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Messages of a conversation, ascending',
    params: idParam,
    query: messageListQuerySchema,
    output: messagePageSchema,
    handler: ({ ctx, viewer, params, query }) => listMessages(ctx, viewer, params.id, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id/participants',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Who is in the group of a conversation, as far as the provider tells',
    params: idParam,
    output: listOf(participantSchema),
    handler: async ({ ctx, viewer, params }) => ({ items: await listParticipants(ctx, viewer, params.id) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/messages',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Answer the customer, or write a note to colleagues',
    description:
      'Needs `conversation.reply` or `conversation.note`. The same `clientId` again gives the same message. With `seenSeq` a reply is held when others wrote meanwhile: 409 `newer_messages`.',
    params: idParam,
    body: sendInputSchema,
    example: { clientId: 'c_0197c2a46f1e', parts: [{ type: 'text', text: 'Your parcel leaves today.' }] },
    output: messageSchema,
    status: 201,
    handler: async ({ ctx, viewer, params, body }) => {
      const { messageId } = await sendMessage(ctx, viewer, params.id, body)
      return getMessage(ctx, viewer, messageId)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/assign',
    permission: 'conversation.assign',
    tags: ['Conversations'],
    summary: 'Hand a conversation to an agent or a queue',
    description: 'Answers null when you may no longer see it.',
    params: idParam,
    body: assignInputSchema,
    example: { queueId: '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69', note: 'Asks for a refund.' },
    output: conversationSchema.nullable(),
    handler: async ({ ctx, viewer, params, body }) => {
      await assignConversation(ctx, viewer, params.id, body)
      return visibleOrNull(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/finish',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'End the contact: wrap up, or resolve where the queue has no wrap-up',
    params: idParam,
    output: conversationSchema,
    handler: async ({ ctx, viewer, params }) => {
      await finishConversation(ctx, viewer, params.id)
      return getConversation(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/wrap-up',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'End the wrap-up with disposition, tags and note',
    params: idParam,
    body: wrapUpInputSchema,
    example: { disposition: 'refunded', tags: ['damaged'] },
    output: conversationSchema,
    handler: async ({ ctx, viewer, params, body }) => {
      await wrapUpConversation(ctx, viewer, params.id, body)
      return getConversation(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/extend-wrap-up',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Take more time for the wrap-up, once',
    params: idParam,
    output: conversationSchema,
    handler: async ({ ctx, viewer, params }) => {
      await extendWrapUp(ctx, viewer, params.id)
      return getConversation(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/snooze',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Put a conversation off until an instant or an answer',
    params: idParam,
    body: z.object({ until: instantSchema }),
    example: { until: 1_772_000_000_000 },
    output: conversationSchema,
    handler: async ({ ctx, viewer, params, body }) => {
      await snoozeConversation(ctx, viewer, params.id, body.until)
      return getConversation(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/reopen',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Take a resolved conversation up again',
    params: idParam,
    output: conversationSchema,
    handler: async ({ ctx, viewer, params }) => {
      await reopenConversation(ctx, viewer, params.id)
      return getConversation(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/read',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Mark messages as read up to an ordinal',
    params: idParam,
    body: z.object({ ordinal: z.number().int().min(0) }),
    example: { ordinal: 12 },
    output: null,
    handler: ({ ctx, viewer, params, body }) => markRead(ctx, viewer, params.id, body.ordinal),
  }),
  route({
    method: 'get',
    path: '/api/v1/messages/:id',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'A message',
    params: idParam,
    output: messageSchema,
    handler: ({ ctx, viewer, params }) => getMessage(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/messages/:id/approve',
    permission: 'message.approve',
    tags: ['Conversations'],
    summary: 'Allow a message that waits because it would be counted against a plan nearly used up',
    params: idParam,
    output: messageSchema,
    handler: async ({ ctx, viewer, params }) => {
      await approveMessage(ctx, viewer, params.id)
      return getMessage(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/messages/:id/retry',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Send a failed or unconfirmed message again',
    params: idParam,
    output: messageSchema,
    handler: async ({ ctx, viewer, params }) => {
      await retryMessage(ctx, viewer, params.id)
      return getMessage(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id/sla',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'What was promised about a conversation, running and settled',
    params: idParam,
    output: listOf(slaClockSchema),
    handler: async ({ ctx, viewer, params }) => ({ items: await getClocks(ctx, viewer, params.id) }),
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id/wait',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'Where a conversation stands in line and how long it may take; null when it does not wait',
    params: idParam,
    output: z.object({ place: waitEstimateSchema.nullable() }),
    handler: async ({ ctx, viewer, params }) => ({ place: await getWait(ctx, viewer, params.id) }),
  }),
]
