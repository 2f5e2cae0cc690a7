import { z } from 'zod'
import { deleteQueue } from '../../services/queues/delete-queue.ts'
import { getQueue, getQueueStats, listQueues } from '../../services/queues/read-queues.ts'
import { createQueue, updateQueue } from '../../services/queues/write-queue.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { queueInputSchema, queueSchema, queueStatsSchema } from '../../wire/queues.ts'
import { idSchema } from '../../wire/words.ts'
import { type Route, route } from '../route.ts'

/** Queues, their rules, members and present numbers. The list is always whole. */
export const queueRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/queues',
    permission: 'queue.read',
    tags: ['Queues'],
    summary: 'Queues, in the order of their making',
    output: listOf(queueSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listQueues(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/queues',
    permission: 'queue.manage',
    tags: ['Queues'],
    summary: 'Make a queue',
    body: queueInputSchema,
    example: { name: 'Orders', settings: { priority: 6, firstResponseMs: 120_000 }, memberIds: ['0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69'] },
    output: queueSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createQueue(ctx, viewer, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/queues/:id',
    permission: 'queue.read',
    tags: ['Queues'],
    summary: 'A queue',
    params: idParam,
    output: queueSchema,
    handler: ({ ctx, viewer, params }) => getQueue(ctx, viewer, params.id),
  }),
  route({
    method: 'put',
    path: '/api/v1/queues/:id',
    permission: 'queue.manage',
    tags: ['Queues'],
    summary: 'Replace a queue’s name, rules and members',
    params: idParam,
    body: queueInputSchema,
    example: { name: 'Orders', settings: { dispositions: ['shipped', 'refunded'] }, memberIds: [] },
    output: queueSchema,
    handler: ({ ctx, viewer, params, body }) => updateQueue(ctx, viewer, params.id, body),
  }),
  route({
    method: 'delete',
    path: '/api/v1/queues/:id',
    permission: 'queue.manage',
    tags: ['Queues'],
    summary: 'Remove a queue that nothing depends on',
    description:
      'What depends on it is told in `details` of the conflict. With `moveTo` its inboxes begin in that queue and what waits goes there with its age; a queue with a past is disabled instead of removed.',
    params: idParam,
    query: z.object({ moveTo: idSchema.optional() }),
    output: null,
    handler: ({ ctx, viewer, params, query }) => deleteQueue(ctx, viewer, params.id, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/queues/:id/stats',
    permission: 'queue.read',
    tags: ['Queues'],
    summary: 'What is in a queue now',
    params: idParam,
    output: queueStatsSchema,
    handler: ({ ctx, viewer, params }) => getQueueStats(ctx, viewer, params.id),
  }),
]
