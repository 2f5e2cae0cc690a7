import type { CapacityOverrides } from '../../src/wire/agents.ts'
import type { QueueSettings } from '../../src/wire/queues.ts'
import type { ChannelId } from '../../src/wire/words.ts'
import type { Kit } from '../kit.ts'

/** Those who work: roles, agents, their skills, queues and states, and the ways they prove who they are. */
export const peopleTables = (k: Kit) => {
  const roles = k.table(
    'roles',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      /** Permission names; `*` grants all. */
      permissions: k.json<string[]>('permissions').notNull(),
      visibility: k.text('visibility').$type<'own' | 'team' | 'all'>().notNull(),
      builtin: k.bool('builtin').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.unique('roles_name_uq').on(t.name)],
  )

  const agents = k.table(
    'agents',
    {
      id: k.id(),
      /** Lower-cased. */
      email: k.text('email').notNull(),
      name: k.text('name').notNull(),
      roleId: k
        .text('role_id')
        .notNull()
        .references(() => roles.id),
      /** Argon2id, encoded form; null until the person has set one. */
      passwordHash: k.text('password_hash'),
      /** Sealed TOTP secret; counts only when `totpEnabledAt` is set. */
      totpSecret: k.text('totp_secret'),
      totpEnabledAt: k.instant('totp_enabled_at'),
      /** The newest TOTP time step accepted, so that a code works once. */
      totpLastStep: k.int('totp_last_step'),
      locale: k.text('locale').notNull(),
      capacity: k.json<CapacityOverrides>('capacity').notNull(),
      avatarColor: k.text('avatar_color'),
      /** BCP 47 tags of the languages they serve customers in. */
      languages: k.json<string[]>('languages').notNull().default([]),
      /** Channels on which an offer counts as accepted as soon as it is made. */
      autoAccept: k.json<ChannelId[]>('auto_accept').notNull().default([]),
      /** Put below their mails, plain text; empty for none. */
      signature: k.text('signature').notNull().default(''),
      disabledAt: k.instant('disabled_at'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.unique('agents_email_uq').on(t.email)],
  )

  /** One row per agent: the state they chose, and the presence lease their consoles renew. */
  const agentStates = k.table(
    'agent_states',
    {
      agentId: k
        .text('agent_id')
        .primaryKey()
        .references(() => agents.id),
      state: k.text('state').$type<'available' | 'busy' | 'away' | 'wrap_up' | 'not_responding' | 'offline'>().notNull(),
      reason: k.text('reason'),
      since: k.instant('since').notNull(),
      /** Presence holds while this lies ahead; null when no console is open. */
      leaseUntil: k.instant('lease_until'),
      /** When the lease ran out with conversations in hand; they return to their queues after the grace. */
      absentSince: k.instant('absent_since'),
      /** When the agent last became free; `longest_idle` orders by it. */
      idleSince: k.instant('idle_since').notNull(),
      /** When the agent was last offered anything; `round_robin` goes by it. */
      lastOfferAt: k.instant('last_offer_at'),
      missedOffers: k.int('missed_offers').notNull(),
    },
    (t) => [k.index('agent_states_lease_ix').on(t.leaseUntil)],
  )

  const sessions = k.table(
    'sessions',
    {
      id: k.id(),
      agentId: k
        .text('agent_id')
        .notNull()
        .references(() => agents.id),
      /** SHA-256 of the cookie's token, hexadecimal. */
      tokenHash: k.text('token_hash').notNull(),
      csrfToken: k.text('csrf_token').notNull(),
      userAgent: k.text('user_agent'),
      ip: k.text('ip'),
      createdAt: k.instant('created_at').notNull(),
      lastSeenAt: k.instant('last_seen_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
    },
    (t) => [k.unique('sessions_token_uq').on(t.tokenHash), k.index('sessions_agent_ix').on(t.agentId)],
  )

  const apiTokens = k.table(
    'api_tokens',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      agentId: k
        .text('agent_id')
        .notNull()
        .references(() => agents.id),
      tokenHash: k.text('token_hash').notNull(),
      /** First characters of the token, to recognise it by. */
      hint: k.text('hint').notNull(),
      /** What the token may do at most; never more than its agent. `*` means all of the agent's. */
      permissions: k.json<string[]>('permissions').notNull(),
      createdAt: k.instant('created_at').notNull(),
      lastUsedAt: k.instant('last_used_at'),
      expiresAt: k.instant('expires_at'),
      revokedAt: k.instant('revoked_at'),
    },
    (t) => [k.unique('api_tokens_hash_uq').on(t.tokenHash), k.index('api_tokens_agent_ix').on(t.agentId)],
  )

  /** Links that work once: the first administrator, invitations, password resets. */
  const oneTimeLinks = k.table(
    'one_time_links',
    {
      id: k.id(),
      purpose: k.text('purpose').$type<'setup' | 'invite' | 'reset'>().notNull(),
      agentId: k.text('agent_id').references(() => agents.id),
      tokenHash: k.text('token_hash').notNull(),
      createdAt: k.instant('created_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      usedAt: k.instant('used_at'),
    },
    (t) => [k.unique('one_time_links_hash_uq').on(t.tokenHash)],
  )

  const skills = k.table(
    'skills',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.unique('skills_name_uq').on(t.name)],
  )

  const agentSkills = k.table(
    'agent_skills',
    {
      agentId: k
        .text('agent_id')
        .notNull()
        .references(() => agents.id),
      skillId: k
        .text('skill_id')
        .notNull()
        .references(() => skills.id),
      /** 1 (knows some) to 5 (expert). */
      level: k.int('level').notNull(),
    },
    (t) => [k.primaryKey({ name: 'agent_skills_pk', columns: [t.agentId, t.skillId] }), k.index('agent_skills_skill_ix').on(t.skillId)],
  )

  const queues = k.table(
    'queues',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      settings: k.json<QueueSettings>('settings').notNull(),
      enabled: k.bool('enabled').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.unique('queues_name_uq').on(t.name)],
  )

  const queueMembers = k.table(
    'queue_members',
    {
      queueId: k
        .text('queue_id')
        .notNull()
        .references(() => queues.id),
      agentId: k
        .text('agent_id')
        .notNull()
        .references(() => agents.id),
    },
    (t) => [k.primaryKey({ name: 'queue_members_pk', columns: [t.queueId, t.agentId] }), k.index('queue_members_agent_ix').on(t.agentId)],
  )

  return { roles, agents, agentStates, sessions, apiTokens, oneTimeLinks, skills, agentSkills, queues, queueMembers }
}
