import { sql } from 'drizzle-orm'
import type { CapacityOverrides } from '../../src/wire/agents.ts'
import type { CalendarSettings } from '../../src/wire/calendars.ts'
import type { CallbackStatus, CallbackTry } from '../../src/wire/callbacks.ts'
import type { Condition } from '../../src/wire/conditions.ts'
import type { RoutingConfiguration } from '../../src/wire/configuration.ts'
import type { QueueOutcome } from '../../src/wire/metrics.ts'
import type { RuleEffect } from '../../src/wire/routing-rules.ts'
import type { SlaPause, SlaSettings, SlaTarget } from '../../src/wire/sla-policies.ts'
import type { ChannelId } from '../../src/wire/words.ts'
import type { Kit } from '../kit.ts'
import type { contactTables } from './contacts.ts'
import type { conversationTables } from './conversations.ts'
import type { peopleTables } from './people.ts'

/** What routing goes by beside queues and agents: groups, hours, promises, rules of entry, callbacks, and the record of waits and work. */
export const routingTables = (
  k: Kit,
  { agents, queues }: ReturnType<typeof peopleTables>,
  { contacts }: ReturnType<typeof contactTables>,
  { conversations }: ReturnType<typeof conversationTables>,
) => {
  const groups = k.table(
    'groups',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      /** Where its members' capacity differs from the defaults; what is said of an agent goes before it. */
      capacity: k.json<CapacityOverrides>('capacity').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.unique('groups_name_uq').on(t.name)],
  )

  const groupMembers = k.table(
    'group_members',
    {
      groupId: k
        .text('group_id')
        .notNull()
        .references(() => groups.id),
      agentId: k
        .text('agent_id')
        .notNull()
        .references(() => agents.id),
    },
    (t) => [k.primaryKey({ name: 'group_members_pk', columns: [t.groupId, t.agentId] }), k.index('group_members_agent_ix').on(t.agentId)],
  )

  const calendars = k.table(
    'calendars',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      settings: k.json<CalendarSettings>('settings').notNull(),
      /** When it opens or closes next; a sweep acts on it. Null = not within a year. */
      changesAt: k.instant('changes_at'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.unique('calendars_name_uq').on(t.name), k.index('calendars_due_ix').on(t.changesAt)],
  )

  const slaPolicies = k.table(
    'sla_policies',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      enabled: k.bool('enabled').notNull(),
      /** They match in ascending order. */
      position: k.int('position').notNull(),
      settings: k.json<SlaSettings>('settings').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.unique('sla_policies_name_uq').on(t.name)],
  )

  /** One row for each promise about a conversation; its deadline is stored when it starts and moved when what it rests on changes. */
  const slaClocks = k.table(
    'sla_clocks',
    {
      id: k.id(),
      conversationId: k
        .text('conversation_id')
        .notNull()
        .references(() => conversations.id),
      target: k.text('target').$type<SlaTarget>().notNull(),
      /** Null = the queue's own first-response time. */
      policyId: k.text('policy_id'),
      /** What time counts, how much there is, and when to warn: as the policy said when it last applied. */
      time: k.text('time').$type<'working' | 'wall'>().notNull(),
      calendarId: k.text('calendar_id'),
      targetMs: k.int('target_ms').notNull(),
      warnBeforeMs: k.int('warn_before_ms'),
      startedAt: k.instant('started_at').notNull(),
      /** Null while it is paused. */
      dueAt: k.instant('due_at'),
      warnAt: k.instant('warn_at'),
      warnedAt: k.instant('warned_at'),
      breachedAt: k.instant('breached_at'),
      endedAt: k.instant('ended_at'),
      outcome: k.text('outcome').$type<'met' | 'missed' | 'cancelled'>(),
      pauses: k.json<SlaPause[]>('pauses').notNull(),
    },
    (t) => [
      k.unique('sla_clocks_running_uq').on(t.conversationId, t.target).where(sql`${t.endedAt} is null`),
      k.index('sla_clocks_conversation_ix').on(t.conversationId, t.id),
      k.index('sla_clocks_due_ix').on(t.dueAt).where(sql`${t.endedAt} is null and ${t.breachedAt} is null and ${t.dueAt} is not null`),
      k.index('sla_clocks_warn_ix').on(t.warnAt).where(sql`${t.endedAt} is null and ${t.warnedAt} is null and ${t.warnAt} is not null`),
      k.index('sla_clocks_calendar_ix').on(t.calendarId).where(sql`${t.endedAt} is null`),
    ],
  )

  const routingRules = k.table(
    'routing_rules',
    {
      id: k.id(),
      name: k.text('name').notNull(),
      enabled: k.bool('enabled').notNull(),
      /** They run in ascending order. */
      position: k.int('position').notNull(),
      when: k.json<Condition>('conditions').notNull(),
      effect: k.json<RuleEffect>('effect').notNull(),
      stop: k.bool('stop').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.unique('routing_rules_name_uq').on(t.name)],
  )

  const callbacks = k.table(
    'callbacks',
    {
      id: k.id(),
      conversationId: k
        .text('conversation_id')
        .notNull()
        .references(() => conversations.id),
      contactId: k
        .text('contact_id')
        .notNull()
        .references(() => contacts.id),
      queueId: k
        .text('queue_id')
        .notNull()
        .references(() => queues.id),
      /** E.164. */
      number: k.text('number').notNull(),
      status: k.text('status').$type<CallbackStatus>().notNull(),
      /** The age it keeps: the customer's first unanswered contact. */
      createdAt: k.instant('created_at').notNull(),
      requestedAt: k.instant('requested_at').notNull(),
      /** The promised time; null = as the line comes to it. */
      scheduledFor: k.instant('scheduled_for'),
      agentId: k.text('agent_id'),
      tries: k.int('tries').notNull(),
      maxTries: k.int('max_tries').notNull(),
      minGapMs: k.int('min_gap_ms').notNull(),
      /** Not before this; null = its place in line alone decides. */
      nextTryAt: k.instant('next_try_at'),
      firstTryAt: k.instant('first_try_at'),
      lastTry: k.text('last_try').$type<CallbackTry>(),
      promise: k.text('promise').$type<'kept' | 'broken'>(),
      endedAt: k.instant('ended_at'),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [
      k.unique('callbacks_open_uq').on(t.contactId, t.queueId).where(sql`${t.endedAt} is null`),
      k.index('callbacks_conversation_ix').on(t.conversationId),
      k.index('callbacks_due_ix').on(t.nextTryAt).where(sql`${t.endedAt} is null and ${t.nextTryAt} is not null`),
      k.index('callbacks_queue_ix').on(t.queueId, t.id),
    ],
  )

  const configurationVersions = k.table('configuration_versions', {
    version: k.seq('version'),
    configuration: k.json<RoutingConfiguration>('configuration').notNull(),
    authorId: k.text('author_id'),
    note: k.text('note').notNull(),
    createdAt: k.instant('created_at').notNull(),
  })

  /** One row for each time a conversation waited in a queue; what figures of queues are computed from. */
  const queueStays = k.table(
    'queue_stays',
    {
      id: k.id(),
      conversationId: k.text('conversation_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      channel: k.text('channel').$type<ChannelId>().notNull(),
      priority: k.int('priority').notNull(),
      /** The customer's first unanswered contact. */
      createdAt: k.instant('created_at').notNull(),
      enteredAt: k.instant('entered_at').notNull(),
      leftAt: k.instant('left_at'),
      /** Null while it waits. */
      outcome: k.text('outcome').$type<QueueOutcome>(),
      agentId: k.text('agent_id'),
    },
    (t) => [
      k.unique('queue_stays_open_uq').on(t.conversationId).where(sql`${t.leftAt} is null`),
      k.index('queue_stays_conversation_ix').on(t.conversationId, t.id),
      k.index('queue_stays_queue_ix').on(t.queueId, t.enteredAt),
      k.index('queue_stays_entered_ix').on(t.enteredAt),
    ],
  )

  /** One row for each agent's part in a conversation, from taking it to the end of wrap-up. */
  const segments = k.table(
    'segments',
    {
      id: k.id(),
      conversationId: k.text('conversation_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      agentId: k.text('agent_id').notNull(),
      channel: k.text('channel').$type<ChannelId>().notNull(),
      startedAt: k.instant('started_at').notNull(),
      wrapUpAt: k.instant('wrap_up_at'),
      endedAt: k.instant('ended_at'),
      holdMs: k.int('hold_ms').notNull(),
      /** Parked or snoozed in between: no work of the agent's. */
      parkedMs: k.int('parked_ms').notNull(),
      transferred: k.bool('transferred').notNull(),
    },
    (t) => [
      k.unique('segments_open_uq').on(t.conversationId, t.agentId).where(sql`${t.endedAt} is null`),
      k.index('segments_conversation_ix').on(t.conversationId, t.id),
      k.index('segments_agent_ix').on(t.agentId, t.startedAt),
      k.index('segments_started_ix').on(t.startedAt),
    ],
  )

  return {
    groups,
    groupMembers,
    calendars,
    slaPolicies,
    slaClocks,
    routingRules,
    callbacks,
    configurationVersions,
    queueStays,
    segments,
  }
}
