/** Everything a role may be granted. A route or socket call declares one of these, or `public`. */
export const permissions = [
  'self',
  'conversation.read',
  'conversation.reply',
  'conversation.note',
  'conversation.assign',
  'conversation.assign_any',
  'message.approve',
  'offer.answer',
  'contact.read',
  'contact.write',
  'agent.read',
  'agent.set_state',
  'agent.manage',
  'queue.read',
  'queue.manage',
  'inbox.read',
  'inbox.manage',
  'skill.manage',
  'routing.manage',
  'role.manage',
  'token.manage',
  'delivery.read',
  'delivery.replay',
  'supervisor.view',
  'report.read',
] as const

/** One thing a person may be allowed to do. `self` is what every log-in may do with its own account. */
export type Permission = (typeof permissions)[number]

const agentPermissions: readonly Permission[] = [
  'self',
  'conversation.read',
  'conversation.reply',
  'conversation.note',
  'conversation.assign',
  'offer.answer',
  'contact.read',
  'contact.write',
  'agent.read',
  'queue.read',
  'inbox.read',
  'token.manage',
]

/** The roles that always exist; more can be made as permission sets. */
export const builtinRoles = [
  { id: 'agent', name: 'Agent', visibility: 'team', permissions: agentPermissions },
  {
    id: 'supervisor',
    name: 'Supervisor',
    visibility: 'all',
    permissions: [
      ...agentPermissions,
      'conversation.assign_any',
      'message.approve',
      'agent.set_state',
      'supervisor.view',
      'report.read',
      'delivery.read',
    ],
  },
  { id: 'admin', name: 'Administrator', visibility: 'all', permissions: ['*'] },
] as const satisfies readonly {
  id: string
  name: string
  visibility: 'own' | 'team' | 'all'
  permissions: readonly (Permission | '*')[]
}[]
