import { listPolicies } from '../../services/sla/read-policies.ts'
import { createPolicy, deletePolicy, orderPolicies, updatePolicy } from '../../services/sla/write-policy.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { ruleOrderSchema } from '../../wire/routing-rules.ts'
import { slaPolicyInputSchema, slaPolicySchema } from '../../wire/sla-policies.ts'
import { type Route, route } from '../route.ts'

/** SLA policies. The list is always whole. */
export const slaPolicyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/sla-policies',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'SLA policies in the order in which they match',
    output: listOf(slaPolicySchema),
    handler: async ({ ctx, viewer }) => ({ items: await listPolicies(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/sla-policies',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Make a policy',
    body: slaPolicyInputSchema,
    example: {
      name: 'Gold',
      settings: { when: { tests: [{ fact: 'tier', anyOf: ['gold'] }] }, targets: { first_response: { ms: 60_000 } } },
    },
    output: slaPolicySchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createPolicy(ctx, viewer, body),
  }),
  route({
    method: 'put',
    path: '/api/v1/sla-policies/order',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Put them into an order',
    body: ruleOrderSchema,
    example: { ids: ['0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69'] },
    output: listOf(slaPolicySchema),
    handler: async ({ ctx, viewer, body }) => ({ items: await orderPolicies(ctx, viewer, body.ids) }),
  }),
  route({
    method: 'put',
    path: '/api/v1/sla-policies/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Replace a policy',
    params: idParam,
    body: slaPolicyInputSchema,
    example: {
      name: 'Gold',
      settings: { when: { tests: [{ fact: 'tier', anyOf: ['gold'] }] }, targets: { first_response: { ms: 60_000 } } },
    },
    output: slaPolicySchema,
    handler: ({ ctx, viewer, params, body }) => updatePolicy(ctx, viewer, params.id, body),
  }),
  route({
    method: 'delete',
    path: '/api/v1/sla-policies/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Remove a policy',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => deletePolicy(ctx, viewer, params.id),
  }),
]
