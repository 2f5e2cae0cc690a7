import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { cancelMessage } from '../../services/conversations/cancel-message.ts'
import { getConversation } from '../../services/conversations/get-conversation.ts'
import { getMessage } from '../../services/conversations/get-message.ts'
import { continueByMail } from '../../services/mail/continue-by-mail.ts'
import { fetchPicture } from '../../services/mail/fetch-picture.ts'
import { openMailSource } from '../../services/mail/open-source.ts'
import { readMail } from '../../services/mail/read-mail.ts'
import { suggestHead } from '../../services/mail/suggest-head.ts'
import { conversationSchema } from '../../wire/conversations.ts'
import { idParam } from '../../wire/http.ts'
import { continueByMailSchema, mailSuggestionSchema, safeMailSchema } from '../../wire/mail.ts'
import { messageSchema } from '../../wire/messages.ts'
import { type Route, route } from '../route.ts'

/** What is shown of a mail is never run, sniffed or framed by others. */
const inert = { 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff' }

/** Reading mail, and taking a message back before it leaves. */
export const mailRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/messages/:id/mail',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'The HTML of a mail, made safe to show in a frame without scripts',
    params: idParam,
    query: z.object({ pictures: z.enum(['0', '1']).default('0').meta({ description: '1 to show remote pictures, through the hub.' }) }),
    output: safeMailSchema,
    handler: ({ ctx, viewer, params, query }) => readMail(ctx, viewer, params.id, query.pictures === '1'),
  }),
  route({
    method: 'get',
    path: '/api/v1/messages/:id/picture',
    permission: 'conversation.read',
    tags: ['Conversations'],
    summary: 'A remote picture of a mail, fetched by the hub; its address stands in the HTML',
    raw: { produces: 'image/*' },
    errors: ['invalid_input', 'provider_unavailable', 'too_large'],
    params: idParam,
    query: z.object({ url: z.string().max(4_000), proof: z.string().max(100) }),
    output: null,
    handler: async ({ ctx, viewer, params, query, res }) => {
      const { bytes, mime } = await fetchPicture(ctx, viewer, params.id, query)
      res.set({ ...inert, 'Content-Type': mime, 'Cache-Control': 'private, max-age=3600' }).send(bytes)
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/messages/:id/source',
    permission: 'delivery.read',
    tags: ['Conversations'],
    summary: 'A mail as it came, byte for byte',
    raw: { produces: 'message/rfc822' },
    params: idParam,
    output: null,
    handler: async ({ ctx, viewer, params, res }) => {
      const source = await openMailSource(ctx, viewer, params.id)
      res.set({ ...inert, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Disposition': `attachment; filename="${params.id}.eml"` })
      await pipeline(Readable.from(source), res).catch((error: unknown) => {
        if (!res.destroyed) throw error
      })
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/conversations/:id/mail-head',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Where an answer by mail begins: recipients, subject and signature',
    params: idParam,
    output: mailSuggestionSchema,
    handler: ({ ctx, viewer, params }) => suggestHead(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/conversations/:id/continue-by-mail',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Go on by mail, to an address that is proven to be the customer’s',
    description: 'Makes a conversation of its own, assigned to the caller and linked to this one. On 409 `code` tells why not.',
    errors: ['conflict'],
    params: idParam,
    body: continueByMailSchema,
    example: { text: 'You had left the chat; here is our answer.', subject: 'Your question' },
    output: conversationSchema,
    status: 201,
    handler: async ({ ctx, viewer, params, body }) => getConversation(ctx, viewer, await continueByMail(ctx, viewer, params.id, body)),
  }),
  route({
    method: 'post',
    path: '/api/v1/messages/:id/cancel',
    permission: 'conversation.reply',
    tags: ['Conversations'],
    summary: 'Take a message back before it leaves',
    errors: ['conflict'],
    params: idParam,
    output: messageSchema,
    handler: async ({ ctx, viewer, params }) => {
      await cancelMessage(ctx, viewer, params.id)
      return getMessage(ctx, viewer, params.id)
    },
  }),
]
