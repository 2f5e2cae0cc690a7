import { z } from 'zod'
import { listRoles } from '../../services/roles/list-roles.ts'
import { createRole, deleteRole, updateRole } from '../../services/roles/write-role.ts'
import { deleteSkill } from '../../services/skills/delete-skill.ts'
import { createSkill, listSkills, updateSkill } from '../../services/skills/write-skill.ts'
import { roleInputSchema, skillInputSchema, skillSchema } from '../../wire/access.ts'
import { roleSchema } from '../../wire/agents.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { type Route, route } from '../route.ts'

/** Roles and skills. Both lists are always whole: a centre has a handful. */
export const roleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/roles',
    permission: 'agent.read',
    tags: ['Roles'],
    summary: 'Roles by name',
    output: listOf(roleSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listRoles(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/roles',
    permission: 'role.manage',
    tags: ['Roles'],
    summary: 'Make a role',
    body: roleInputSchema,
    example: { name: 'Quality', permissions: ['conversation.read', 'contact.read'], visibility: 'all' },
    output: roleSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createRole(ctx, viewer, body),
  }),
  route({
    method: 'put',
    path: '/api/v1/roles/:id',
    permission: 'role.manage',
    tags: ['Roles'],
    summary: 'Replace a role; it counts at once',
    params: idParam,
    body: roleInputSchema,
    example: { name: 'Quality', permissions: ['conversation.read', 'contact.read'], visibility: 'team' },
    output: roleSchema,
    handler: ({ ctx, viewer, params, body }) => updateRole(ctx, viewer, params.id, body),
  }),
  route({
    method: 'delete',
    path: '/api/v1/roles/:id',
    permission: 'role.manage',
    tags: ['Roles'],
    summary: 'Remove a role that nobody has',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => deleteRole(ctx, viewer, params.id),
  }),
  route({
    method: 'get',
    path: '/api/v1/skills',
    permission: 'agent.read',
    tags: ['Skills'],
    summary: 'Skills by name',
    output: listOf(skillSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listSkills(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/skills',
    permission: 'skill.manage',
    tags: ['Skills'],
    summary: 'Make a skill',
    body: skillInputSchema,
    example: { name: 'Japanese' },
    output: skillSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createSkill(ctx, viewer, body.name),
  }),
  route({
    method: 'put',
    path: '/api/v1/skills/:id',
    permission: 'skill.manage',
    tags: ['Skills'],
    summary: 'Rename a skill',
    params: idParam,
    body: skillInputSchema,
    example: { name: 'Japanese, business' },
    output: skillSchema,
    handler: ({ ctx, viewer, params, body }) => updateSkill(ctx, viewer, params.id, body.name),
  }),
  route({
    method: 'delete',
    path: '/api/v1/skills/:id',
    permission: 'skill.manage',
    tags: ['Skills'],
    summary: 'Remove a skill',
    description:
      'What depends on it is told in `details` of the conflict; `evenInUse` takes it from there, and what waits for it is routed without it.',
    params: idParam,
    query: z.object({ evenInUse: z.stringbool().default(false) }),
    output: null,
    handler: ({ ctx, viewer, params, query }) => deleteSkill(ctx, viewer, params.id, query),
  }),
]
