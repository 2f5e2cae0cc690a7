import type { Permission } from './permissions.ts'

/** A person at the moment of a request: what their role, queues and inboxes allow. */
export interface Viewer {
  readonly agentId: string
  readonly roleId: string
  /** Granted permissions; `*` stands for all. */
  readonly permissions: ReadonlySet<string>
  readonly visibility: 'own' | 'team' | 'all'
  /** Queues they are a member of. */
  readonly queueIds: ReadonlySet<string>
  /** Restricted inboxes they are no member of; empty for those who see all. */
  readonly hiddenInboxIds: ReadonlySet<string>
}

/** What decides who may see a conversation. */
export interface ConversationScope {
  readonly queueId: string
  readonly inboxId: string
  readonly assigneeId: string | null
  /** Agent with a live offer of it. */
  readonly offeredTo: string | null
}

/** What is to be touched, where the permission alone does not decide. */
export type Target =
  | { readonly kind: 'conversation'; readonly scope: ConversationScope }
  | { readonly kind: 'agent'; readonly agentId: string }

/** `not_found` hides things a person may not even know of; `forbidden` is for what they see but may not do. */
export type Verdict = 'allowed' | 'forbidden' | 'not_found'

/** Whether a person holds a permission at all. */
export function holds(viewer: Viewer, permission: Permission): boolean {
  return viewer.permissions.has('*') || viewer.permissions.has(permission)
}

/** Whether a person may see a conversation: by role, by team, or because it is theirs. */
export function canSee(viewer: Viewer, scope: ConversationScope): boolean {
  if (!holds(viewer, 'conversation.read')) return false
  if (scope.assigneeId === viewer.agentId || scope.offeredTo === viewer.agentId) return true
  if (viewer.hiddenInboxIds.has(scope.inboxId)) return false
  switch (viewer.visibility) {
    case 'all':
      return true
    case 'team':
      return viewer.queueIds.has(scope.queueId)
    case 'own':
      return false
  }
}

/** Acts that only the assignee may do on a conversation, unless they may act on anybody's. */
const assigneesActs: ReadonlySet<Permission> = new Set<Permission>(['conversation.reply', 'conversation.assign'])

/**
 * The one authorisation function: REST, sockets, files, search and exports ask it and nothing else.
 * Replying and handing over are the assignee's; `conversation.assign_any` extends both to all that one sees.
 */
export function authorize(viewer: Viewer, permission: Permission, target?: Target): Verdict {
  if (target?.kind === 'conversation' && !canSee(viewer, target.scope)) return 'not_found'
  if (target?.kind === 'agent' && target.agentId === viewer.agentId && permission === 'agent.set_state') return 'allowed'
  if (!holds(viewer, permission)) return 'forbidden'
  if (target?.kind === 'conversation' && assigneesActs.has(permission)) {
    const own = target.scope.assigneeId === viewer.agentId
    if (!own && !holds(viewer, 'conversation.assign_any')) return 'forbidden'
  }
  return 'allowed'
}
