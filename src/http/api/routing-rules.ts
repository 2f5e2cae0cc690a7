import { listRules } from '../../services/rules/read-rules.ts'
import { testRules } from '../../services/rules/test-rules.ts'
import { createRule, deleteRule, orderRules, updateRule } from '../../services/rules/write-rule.ts'
import { idParam, listOf } from '../../wire/http.ts'
import {
  classificationSchema,
  routingRuleInputSchema,
  routingRuleSchema,
  ruleOrderSchema,
  ruleTrialSchema,
} from '../../wire/routing-rules.ts'
import { type Route, route } from '../route.ts'

/** Rules of entry and their tester. The list is always whole. */
export const routingRuleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/routing-rules',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Rules of entry in the order in which they run',
    output: listOf(routingRuleSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listRules(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/routing-rules',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Make a rule',
    body: routingRuleInputSchema,
    example: {
      name: 'Returns',
      when: { tests: [{ fact: 'words', anyOf: ['refund', '退貨'] }] },
      effect: { priority: { how: 'add', by: 1 } },
    },
    output: routingRuleSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createRule(ctx, viewer, body),
  }),
  route({
    method: 'put',
    path: '/api/v1/routing-rules/order',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Put them into an order',
    body: ruleOrderSchema,
    example: { ids: ['0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69'] },
    output: listOf(routingRuleSchema),
    handler: async ({ ctx, viewer, body }) => ({ items: await orderRules(ctx, viewer, body.ids) }),
  }),
  route({
    method: 'put',
    path: '/api/v1/routing-rules/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Replace a rule',
    params: idParam,
    body: routingRuleInputSchema,
    example: {
      name: 'Returns',
      when: { tests: [{ fact: 'words', anyOf: ['refund', '退貨'] }] },
      effect: { priority: { how: 'add', by: 1 } },
    },
    output: routingRuleSchema,
    handler: ({ ctx, viewer, params, body }) => updateRule(ctx, viewer, params.id, body),
  }),
  route({
    method: 'delete',
    path: '/api/v1/routing-rules/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Remove a rule',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => deleteRule(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/routing-rules/test',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Where something that comes in would go, and because of which rules',
    description: 'Nothing is changed. `rules` tries other rules than those in force.',
    body: ruleTrialSchema,
    example: {
      facts: {
        channel: 'webchat',
        inboxId: '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69',
        queueId: '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69',
        priority: 5,
        text: 'I want a refund',
      },
    },
    idempotent: false,
    output: classificationSchema,
    handler: ({ ctx, viewer, body }) => testRules(ctx, viewer, body),
  }),
]
