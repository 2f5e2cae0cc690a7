import { inviteAgent, mailAgentLink } from '../../services/access/mail-link.ts'
import { disableAgent, enableAgent, resetTotp } from '../../services/agents/disable-agent.ts'
import { getAgent } from '../../services/agents/get-agent.ts'
import { getAgentAccount } from '../../services/agents/get-agent-account.ts'
import { pageAgents } from '../../services/agents/page-agents.ts'
import { updateAgent } from '../../services/agents/update-agent.ts'
import { setAgentState } from '../../services/presence/set-agent-state.ts'
import { agentAccountSchema, agentChangesSchema, newAgentSchema, newLinkSchema } from '../../wire/access.ts'
import { agentInputSchema, agentSchema, stateInputSchema } from '../../wire/agents.ts'
import { idParam, pageOf, pageQuery } from '../../wire/http.ts'
import { type Route, route } from '../route.ts'

/** Colleagues: who they are, what they may hold, and their accounts. */
export const agentRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/agents',
    permission: 'agent.read',
    tags: ['Agents'],
    summary: 'Agents, in the order of their making',
    query: pageQuery,
    output: pageOf(agentSchema),
    handler: ({ ctx, viewer, query }) => pageAgents(ctx, viewer, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/agents',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'Make an agent',
    description: 'Without a password the answer carries an invitation link with which the person chooses one.',
    errors: ['conflict'],
    body: agentInputSchema,
    example: { email: 'mei@example.com', name: 'Mei Lin', roleId: 'agent', locale: 'zh-TW' },
    output: newAgentSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => inviteAgent(ctx, viewer, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/agents/:id',
    permission: 'self',
    tags: ['Agents'],
    summary: 'An agent with state and load',
    params: idParam,
    output: agentSchema,
    handler: ({ ctx, viewer, params }) => getAgent(ctx, viewer, params.id),
  }),
  route({
    method: 'patch',
    path: '/api/v1/agents/:id',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'Change an agent, their skills, queues and capacity',
    params: idParam,
    body: agentChangesSchema,
    example: { capacity: { max: { webchat: 3 } }, skills: [{ skillId: '0197c2a4-6f1e-7c3d-9a55-2f1d3c4b5a69', level: 4 }] },
    output: agentAccountSchema,
    handler: ({ ctx, viewer, params, body }) => updateAgent(ctx, viewer, params.id, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/agents/:id/account',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'The account behind an agent',
    params: idParam,
    output: agentAccountSchema,
    handler: ({ ctx, viewer, params }) => getAgentAccount(ctx, viewer, params.id),
  }),
  route({
    method: 'put',
    path: '/api/v1/agents/:id/state',
    permission: 'self',
    tags: ['Agents'],
    summary: 'Set your own state, or a colleague’s where your role allows',
    params: idParam,
    body: stateInputSchema,
    example: { state: 'busy', reason: 'lunch' },
    output: agentSchema,
    handler: async ({ ctx, viewer, params, body }) => {
      await setAgentState(ctx, viewer, params.id, body)
      return getAgent(ctx, viewer, params.id)
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/agents/:id/disable',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'Take an agent’s access away',
    description: 'Log-ins and tokens stop at once; offers are withdrawn and waiting customers return to their queues.',
    params: idParam,
    output: agentAccountSchema,
    handler: ({ ctx, viewer, params }) => disableAgent(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/agents/:id/enable',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'Give a disabled agent access again',
    params: idParam,
    output: agentAccountSchema,
    handler: ({ ctx, viewer, params }) => enableAgent(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/agents/:id/link',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'Make a link with which an agent chooses a password, and mail it to them where the hub can',
    params: idParam,
    output: newLinkSchema,
    status: 201,
    handler: ({ ctx, viewer, params }) => mailAgentLink(ctx, viewer, params.id),
  }),
  route({
    method: 'delete',
    path: '/api/v1/agents/:id/totp',
    permission: 'agent.manage',
    tags: ['Agents'],
    summary: 'Turn an agent’s two-step log-in off',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => resetTotp(ctx, viewer, params.id),
  }),
]
