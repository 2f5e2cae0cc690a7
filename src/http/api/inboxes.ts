import { checkInbox } from '../../services/inboxes/check-inbox.ts'
import { getInboxDetail, listChannels, listInboxes } from '../../services/inboxes/read-inboxes.ts'
import { createInbox, deleteInbox, updateInbox } from '../../services/inboxes/write-inbox.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { channelInfoSchema, inboxChangesSchema } from '../../wire/inbox-changes.ts'
import { inboxDetailSchema, inboxInputSchema, inboxSchema } from '../../wire/inboxes.ts'
import { type Route, route } from '../route.ts'

/** Connected accounts and the channels they belong to. Both lists are always whole. */
export const inboxRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/channels',
    permission: 'inbox.manage',
    tags: ['Inboxes'],
    summary: 'Channels this hub carries, with what an account of each needs',
    output: listOf(channelInfoSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listChannels(ctx, viewer) }),
  }),
  route({
    method: 'get',
    path: '/api/v1/inboxes',
    permission: 'inbox.read',
    tags: ['Inboxes'],
    summary: 'Inboxes you may see',
    output: listOf(inboxSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listInboxes(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/inboxes',
    permission: 'inbox.manage',
    tags: ['Inboxes'],
    summary: 'Connect an account',
    body: inboxInputSchema,
    example: { channel: 'webchat', name: 'Shop', queueId: '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69', config: {} },
    output: inboxDetailSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createInbox(ctx, viewer, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/inboxes/:id',
    permission: 'inbox.manage',
    tags: ['Inboxes'],
    summary: 'An inbox with its settings; of its secrets only which are set',
    params: idParam,
    output: inboxDetailSchema,
    handler: ({ ctx, viewer, params }) => getInboxDetail(ctx, viewer, params.id),
  }),
  route({
    method: 'patch',
    path: '/api/v1/inboxes/:id',
    permission: 'inbox.manage',
    tags: ['Inboxes'],
    summary: 'Change, enable or disable an inbox',
    description: 'A secret left out of `config` stays as it is; `null` removes it.',
    params: idParam,
    body: inboxChangesSchema,
    example: { enabled: false },
    output: inboxDetailSchema,
    handler: ({ ctx, viewer, params, body }) => updateInbox(ctx, viewer, params.id, body),
  }),
  route({
    method: 'post',
    path: '/api/v1/inboxes/:id/check',
    permission: 'inbox.manage',
    tags: ['Inboxes'],
    summary: 'Look whether the account works as it is set up',
    params: idParam,
    output: inboxDetailSchema,
    handler: ({ ctx, viewer, params }) => checkInbox(ctx, viewer, params.id),
  }),
  route({
    method: 'delete',
    path: '/api/v1/inboxes/:id',
    permission: 'inbox.manage',
    tags: ['Inboxes'],
    summary: 'Remove an inbox that was never used',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => deleteInbox(ctx, viewer, params.id),
  }),
]
