import { z } from 'zod'
import { addContactNote, listContactNotes } from '../../services/contacts/contact-notes.ts'
import { getContact } from '../../services/contacts/get-contact.ts'
import { searchContacts } from '../../services/contacts/search-contacts.ts'
import { updateContact } from '../../services/contacts/update-contact.ts'
import { listConversations } from '../../services/conversations/list-conversations.ts'
import { contactChangesSchema, contactNoteSchema, contactSchema } from '../../wire/contacts.ts'
import { idParam, pageOf, pageQuery } from '../../wire/http.ts'
import { conversationPageSchema } from '../../wire/pages.ts'
import { type Route, route } from '../route.ts'

/** Customers: the record that every channel lands on. */
export const contactRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/contacts',
    permission: 'contact.read',
    tags: ['Contacts'],
    summary: 'Find customers by the beginning of a name or address',
    description: 'Without `q` the most recently changed.',
    query: pageQuery.extend({ q: z.string().max(200).optional() }),
    output: pageOf(contactSchema),
    handler: ({ ctx, viewer, query }) => searchContacts(ctx, viewer, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/contacts/:id',
    permission: 'contact.read',
    tags: ['Contacts'],
    summary: 'A customer',
    params: idParam,
    output: contactSchema,
    handler: ({ ctx, viewer, params }) => getContact(ctx, viewer, params.id),
  }),
  route({
    method: 'patch',
    path: '/api/v1/contacts/:id',
    permission: 'contact.write',
    tags: ['Contacts'],
    summary: 'Change a customer’s record',
    params: idParam,
    body: contactChangesSchema,
    example: { company: 'Sunrise Trading', fields: { tier: 'gold' } },
    output: contactSchema,
    handler: ({ ctx, viewer, params, body }) => updateContact(ctx, viewer, params.id, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/contacts/:id/conversations',
    permission: 'conversation.read',
    tags: ['Contacts'],
    summary: 'A customer’s conversations that you may see',
    params: idParam,
    query: pageQuery.extend({ view: z.enum(['open', 'resolved']).default('open') }),
    output: conversationPageSchema,
    handler: async ({ ctx, viewer, params, query }) => {
      await getContact(ctx, viewer, params.id)
      return listConversations(ctx, viewer, { ...query, contactId: params.id })
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/contacts/:id/notes',
    permission: 'contact.read',
    tags: ['Contacts'],
    summary: 'Notes about a customer, newest first',
    params: idParam,
    query: pageQuery,
    output: pageOf(contactNoteSchema),
    handler: ({ ctx, viewer, params, query }) => listContactNotes(ctx, viewer, params.id, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/contacts/:id/notes',
    permission: 'contact.write',
    tags: ['Contacts'],
    summary: 'Write a note about a customer',
    params: idParam,
    body: z.object({ text: z.string().trim().min(1).max(4_000) }),
    example: { text: 'Prefers to be called in the morning.' },
    output: contactNoteSchema,
    status: 201,
    handler: ({ ctx, viewer, params, body }) => addContactNote(ctx, viewer, params.id, body.text),
  }),
]
