import { z } from 'zod'
import { checkProposal, configurationFindings, currentConfiguration, listConfigurationVersions } from '../../services/routing/publish.ts'
import { replayDay } from '../../services/routing/replay-day.ts'
import { getRoutingSettings, setRoutingSettings } from '../../services/routing/settings.ts'
import { configurationVersionSchema, findingSchema, routingConfigurationSchema, routingSettingsSchema } from '../../wire/configuration.ts'
import { listOf } from '../../wire/http.ts'
import { dayReplaySchema, replayInputSchema } from '../../wire/replay.ts'
import { type Route, route } from '../route.ts'

/** What holds for routing as a whole: settings, the configuration as one value, what is wrong with it, its history. */
export const routingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/routing/settings',
    permission: 'self',
    tags: ['Routing'],
    summary: 'Rules of routing that hold for the whole centre',
    output: routingSettingsSchema,
    handler: ({ ctx, viewer }) => getRoutingSettings(ctx, viewer),
  }),
  route({
    method: 'put',
    path: '/api/v1/routing/settings',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Replace them',
    body: routingSettingsSchema,
    example: { maxRinging: 2, stateReasons: ['Lunch', 'Training'] },
    output: routingSettingsSchema,
    handler: ({ ctx, viewer, body }) => setRoutingSettings(ctx, viewer, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/routing/configuration',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Everything routing goes by, as one value',
    output: routingConfigurationSchema,
    handler: ({ ctx, viewer }) => currentConfiguration(ctx, viewer),
  }),
  route({
    method: 'get',
    path: '/api/v1/routing/findings',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'What cannot work in the configuration in force',
    output: listOf(findingSchema),
    handler: async ({ ctx, viewer }) => ({ items: await configurationFindings(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/routing/check',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'What could not work in another configuration',
    body: routingConfigurationSchema,
    example: { queues: [], skills: [], groups: [], agents: [], calendars: [], policies: [], rules: [] },
    idempotent: false,
    output: listOf(findingSchema),
    handler: async ({ ctx, viewer, body }) => ({ items: await checkProposal(ctx, viewer, body) }),
  }),
  route({
    method: 'get',
    path: '/api/v1/routing/versions',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Configurations as they were published, the newest first',
    query: z.object({ before: z.coerce.number().int().min(1).optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
    output: listOf(configurationVersionSchema),
    handler: async ({ ctx, viewer, query }) => ({
      items: await listConfigurationVersions(ctx, viewer, query.before ?? null, query.limit),
    }),
  }),
  route({
    method: 'post',
    path: '/api/v1/routing/replay',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Live a recorded stretch through again, with the configuration in force and with another',
    description: 'Nothing is written. The same stretch and configuration give the same answer.',
    body: replayInputSchema,
    example: { from: 1_767_225_600_000, to: 1_767_312_000_000 },
    idempotent: false,
    output: dayReplaySchema,
    handler: ({ ctx, viewer, body }) => replayDay(ctx, viewer, body),
  }),
]
