import type { Viewer } from '../../core/access/authorize.ts'

/** The operator at the command line: may do everything, and stands in the log as `system`. */
export const systemViewer: Viewer = {
  agentId: 'system',
  roleId: 'admin',
  permissions: new Set(['*']),
  visibility: 'all',
  queueIds: new Set(),
  hiddenInboxIds: new Set(),
}
