import { getSnapshot } from '../../services/snapshot/get-snapshot.ts'
import { getSupervisorSnapshot } from '../../services/snapshot/get-supervisor-snapshot.ts'
import { snapshotSchema, supervisorSnapshotSchema } from '../../wire/snapshot.ts'
import { type Route, route } from '../route.ts'

/** What consoles start from before the event stream takes over. */
export const liveStateRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/snapshot',
    permission: 'self',
    tags: ['Live state'],
    summary: 'Everything a console starts from',
    output: snapshotSchema,
    handler: ({ ctx, viewer }) => getSnapshot(ctx, viewer),
  }),
  route({
    method: 'get',
    path: '/api/v1/supervisor/snapshot',
    permission: 'supervisor.view',
    tags: ['Live state'],
    summary: 'The floor at one moment',
    output: supervisorSnapshotSchema,
    handler: ({ ctx, viewer }) => getSupervisorSnapshot(ctx, viewer),
  }),
]
