import { sqliteKit } from '../kit.ts'
import { createTables } from './index.ts'

/** The tables for SQLite; drizzle-kit reads the named exports. */
export const tables = createTables(sqliteKit)

export const {
  roles,
  agents,
  agentStates,
  sessions,
  apiTokens,
  oneTimeLinks,
  skills,
  agentSkills,
  queues,
  queueMembers,
  companies,
  contacts,
  contactPoints,
  contactNotes,
  consents,
  inboxes,
  inboxMembers,
  deliveryBodies,
  deliveries,
  conversations,
  messages,
  offers,
  outbox,
  files,
  events,
  counters,
  leases,
  cursors,
  settings,
  idempotencyKeys,
} = tables
