import { listGroups } from '../../services/groups/read-groups.ts'
import { createGroup, deleteGroup, updateGroup } from '../../services/groups/write-group.ts'
import { groupInputSchema, groupSchema } from '../../wire/groups.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { type Route, route } from '../route.ts'

/** Groups of agents. The list is always whole. */
export const groupRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/groups',
    permission: 'agent.read',
    tags: ['Routing'],
    summary: 'Groups of agents by name',
    output: listOf(groupSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listGroups(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/groups',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Make a group',
    body: groupInputSchema,
    example: { name: 'Night shift', memberIds: [] },
    output: groupSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createGroup(ctx, viewer, body),
  }),
  route({
    method: 'put',
    path: '/api/v1/groups/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Replace a group',
    params: idParam,
    body: groupInputSchema,
    example: { name: 'Night shift', memberIds: [] },
    output: groupSchema,
    handler: ({ ctx, viewer, params, body }) => updateGroup(ctx, viewer, params.id, body),
  }),
  route({
    method: 'delete',
    path: '/api/v1/groups/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Remove a group',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => deleteGroup(ctx, viewer, params.id),
  }),
]
