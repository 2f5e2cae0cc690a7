import { describe, expect, it } from 'vitest'
import { systemViewer } from '../../../src/services/access/system-viewer.ts'
import { closeCalendar, createCalendar } from '../../../src/services/calendars/write-calendar.ts'
import { csvOf, getMetrics } from '../../../src/services/metrics/get-metrics.ts'
import { deleteQueue } from '../../../src/services/queues/delete-queue.ts'
import { getWait } from '../../../src/services/queues/estimate-wait.ts'
import { queueOf } from '../../../src/services/queues/read-queues.ts'
import { updateQueue } from '../../../src/services/queues/write-queue.ts'
import { configurationFindings, currentConfiguration } from '../../../src/services/routing/publish.ts'
import { replayDay } from '../../../src/services/routing/replay-day.ts'
import { setRoutingSettings } from '../../../src/services/routing/settings.ts'
import { testRules } from '../../../src/services/rules/test-rules.ts'
import { createRule, deleteRule } from '../../../src/services/rules/write-rule.ts'
import { deleteSkill } from '../../../src/services/skills/delete-skill.ts'
import { calendarSettingsSchema } from '../../../src/wire/calendars.ts'
import { conditionSchema, entryFactsSchema } from '../../../src/wire/conditions.ts'
import { routingSettingsSchema } from '../../../src/wire/configuration.ts'
import { queueSettingsSchema } from '../../../src/wire/queues.ts'
import { agentSocket } from '../../support/agent-client.ts'
import { updateAgentAutoAccept } from '../../support/agent-settings.ts'
import { makeCentre } from '../../support/centre.ts'
import { conversationRow, factsOf } from '../../support/facts.ts'
import { databases, useHub } from '../../support/hub.ts'
import { passTime } from '../../support/talk.ts'
import { until } from '../../support/until.ts'

const always = [{ from: '00:00', to: '24:00' }]
const allWeek = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always }

describe.each(databases)('what comes in, %s', (database) => {
  const hub = useHub({ database })
  const only = async (inboxId: string) => {
    const [row] = (await factsOf(hub(), inboxId)).conversations
    if (row === undefined) throw new Error('nothing came in')
    return row
  }
  const staysOf = async (conversationId: string) => {
    const { db, t } = hub().ctx.store
    return (await db.select().from(t.queueStays)).filter((stay) => stay.conversationId === conversationId)
  }

  it('goes where the rules of entry send it, as the tester foretells', async () => {
    const centre = await makeCentre(hub(), { queues: { main: {}, returns: { priority: 3 } } })
    const { ctx } = hub()
    const rule = await createRule(ctx, systemViewer, {
      name: `Returns ${database}`,
      enabled: true,
      when: conditionSchema.parse({
        tests: [
          { fact: 'words', anyOf: ['refund', '退貨'] },
          { fact: 'inbox', anyOf: [centre.line.inboxId] },
        ],
      }),
      effect: { queueId: centre.queue('returns'), priority: { how: 'add', by: 2 }, addTags: ['returns'] },
      stop: true,
    })
    await centre.customer('Chen').sendText('我要退貨')
    const row = await only(centre.line.inboxId)
    const facts = entryFactsSchema.parse({
      channel: 'line',
      inboxId: row.inboxId,
      queueId: centre.queue('main'),
      priority: 5,
      text: '我要退貨',
    })
    const foretold = await testRules(ctx, systemViewer, { facts })
    expect(row).toMatchObject({ queueId: centre.queue('returns'), priority: 7, tags: ['returns'] })
    expect(foretold).toMatchObject({ queueId: row.queueId, priority: row.priority, tags: row.tags, stoppedBy: rule.id })
    expect(foretold.because).toMatchObject([{ ruleId: rule.id, holds: true, tests: [{ fact: 'words', saw: '退貨' }, { holds: true }] }])
    await centre.customer('Lin').sendText('hello')
    expect((await factsOf(hub(), centre.line.inboxId)).conversations.map(({ queueId }) => queueId)).toContain(centre.queue('main'))
    await deleteRule(ctx, systemViewer, rule.id)
  })

  it('overflows to another queue at its age when it has waited so long, and each wait is kept with how it ended', async () => {
    const centre = await makeCentre(hub(), { queues: { main: {}, help: {} } })
    const { ctx } = hub()
    const main = await queueOf(ctx.store, centre.queue('main'))
    const whileWaiting = [
      { afterMs: 60_000, action: { kind: 'raise_priority' as const, by: 2 } },
      { afterMs: 120_000, action: { kind: 'queue' as const, queueId: centre.queue('help') } },
    ]
    await updateQueue(ctx, systemViewer, main.id, { ...main, settings: { ...main.settings, whileWaiting } })
    await centre.customer().sendText('hello')
    const before = await only(centre.line.inboxId)
    await passTime(hub(), 61_000)
    expect(await conversationRow(hub(), before.id)).toMatchObject({ priority: before.priority + 2, queueId: main.id, waitingSteps: 1 })
    await passTime(hub(), 60_000)
    const after = await conversationRow(hub(), before.id)
    expect(after).toMatchObject({ queueId: centre.queue('help'), waitingSince: before.waitingSince, priority: before.priority + 2 })
    expect(await staysOf(before.id)).toMatchObject([
      { queueId: main.id, outcome: 'overflowed', createdAt: before.waitingSince },
      { queueId: centre.queue('help'), outcome: null, createdAt: before.waitingSince },
    ])
  })

  it('is told that the place is closed, by its channel, and keeps its place', async () => {
    const centre = await makeCentre(hub())
    const { ctx } = hub()
    const calendar = await createCalendar(ctx, systemViewer, {
      name: `Hours ${centre.queue('main')}`,
      settings: calendarSettingsSchema.parse({ zone: 'Asia/Taipei', week: allWeek }),
    })
    const main = await queueOf(ctx.store, centre.queue('main'))
    const text = { en: 'We are closed.', 'zh-TW': '我們休息了。' }
    const admission = { ...main.settings.admission, answers: { closed: { kind: 'message' as const, text } } }
    await updateQueue(ctx, systemViewer, main.id, { ...main, settings: { ...main.settings, calendarId: calendar.id, admission } })
    const chen = centre.customer('Chen')
    await chen.sendText('hello')
    await closeCalendar(ctx, systemViewer, calendar.id, { until: null, reason: 'Typhoon', text: { en: 'Closed for the typhoon.' } })
    await passTime(hub(), 3_000)
    const lin = centre.customer('Lin')
    await lin.sendText('are you open?')
    await passTime(hub(), 3_000)
    const told = (user: typeof chen) =>
      centre.line.account
        .thread(user.userId)
        .entries.filter(({ from }) => from === 'account')
        .map(({ message }) => String(message['text']))
    await until('both are told', () => told(chen).length > 0 && told(lin).length > 0)
    expect([told(chen), told(lin)]).toEqual([['Closed for the typhoon.'], ['We are closed.']])
    expect((await factsOf(hub(), centre.line.inboxId)).conversations.map(({ status }) => status)).toEqual(['queued', 'queued'])
  })

  it('is told where it stands by its queue’s lately pace', async () => {
    const centre = await makeCentre(hub())
    for (const name of ['one', 'two', 'three']) {
      await hub().fake.advance(1_000)
      await centre.customer(name).sendText('hello')
    }
    const rows = (await factsOf(hub(), centre.line.inboxId)).conversations.toSorted((a, b) => a.waitingSince - b.waitingSince)
    const places = await Promise.all(rows.map(({ id }) => getWait(hub().ctx, systemViewer, id)))
    expect(places.map((place) => [place?.position, place?.size, place?.expectedMs])).toEqual([
      [1, 3, null],
      [2, 3, null],
      [3, 3, null],
    ])
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    await ann.acceptNext()
    const last = await getWait(hub().ctx, systemViewer, rows[2]?.id ?? '')
    expect(last?.position).toBe(2)
    expect(last?.expectedMs).toBeGreaterThan(0)
    ann.close()
  })

  it('is routed again without a skill that is deleted in use, and told what depends on it before', async () => {
    const centre = await makeCentre(hub(), {
      queues: { main: { requiredSkills: [{ skillId: 'rare', minLevel: 2 }] } },
      agents: { ann: {}, bob: { skills: { rare: 1 } } },
    })
    await centre.customer().sendText('hello')
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    await hub().fake.advance(2_000)
    expect(await only(centre.line.inboxId)).toMatchObject({ status: 'queued' })
    await expect(deleteSkill(hub().ctx, systemViewer, centre.skill('rare'))).rejects.toMatchObject({
      kind: 'conflict',
      details: { code: 'in_use', agents: ['bob'], queues: [expect.any(String)], conversations: true },
    })
    await deleteSkill(hub().ctx, systemViewer, centre.skill('rare'), { evenInUse: true })
    const offer = await ann.nextOffer()
    expect(offer.conversationId).toBe((await only(centre.line.inboxId)).id)
    expect(queueSettingsSchema.parse((await queueOf(hub().ctx.store, centre.queue('main'))).settings).requiredSkills).toEqual([])
    ann.close()
  })

  it('waits in another queue, at its age, when its own is deleted', async () => {
    const centre = await makeCentre(hub(), { queues: { main: {}, rest: {} } })
    await centre.customer().sendText('hello')
    const before = await only(centre.line.inboxId)
    await expect(deleteQueue(hub().ctx, systemViewer, centre.queue('main'))).rejects.toMatchObject({
      details: { code: 'in_use', openConversations: true, inboxes: expect.arrayContaining([expect.any(String)]) },
    })
    await hub().fake.advance(5_000)
    await deleteQueue(hub().ctx, systemViewer, centre.queue('main'), { moveTo: centre.queue('rest') })
    expect(await only(centre.line.inboxId)).toMatchObject({
      queueId: centre.queue('rest'),
      waitingSince: before.waitingSince,
      status: 'queued',
    })
    expect((await queueOf(hub().ctx.store, centre.queue('main'))).enabled).toBe(false)
    await centre.customer('next').sendText('hello')
    const queues = (await factsOf(hub(), centre.line.inboxId)).conversations.map(({ queueId }) => queueId)
    expect(new Set(queues)).toEqual(new Set([centre.queue('rest')]))
  })

  it('is in the hands of an agent who accepts by themselves with the same commit', async () => {
    const centre = await makeCentre(hub())
    await updateAgentAutoAccept(hub(), centre.agent('ann').id, ['line'])
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    await centre.customer().sendText('hello')
    await until('it is with ann', async () => (await only(centre.line.inboxId)).status === 'active')
    expect(await staysOf((await only(centre.line.inboxId)).id)).toMatchObject([{ outcome: 'answered', agentId: ann.agent.id }])
    const report = await getMetrics(hub().ctx, systemViewer, {
      from: hub().clock.now() - 60_000,
      to: hub().clock.now() + 1,
      queueId: centre.queue('main'),
    })
    expect(report.queues).toMatchObject([{ ended: 1, waiting: 0, serviceLevel: 1, outcomes: { answered: 1 } }])
    expect(report.definitions.map(({ id }) => id)).toContain('serviceLevel')
    expect(csvOf(report).split('\r\n')).toHaveLength(2)
    await hub().fake.advance(1_000)
    const stretch = { from: hub().clock.now() - 60_000, to: hub().clock.now() }
    const replay = await replayDay(hub().ctx, systemViewer, {
      ...stretch,
      configuration: await currentConfiguration(hub().ctx, systemViewer),
    })
    expect(replay.arrivals).toBeGreaterThan(0)
    expect(replay.shifts).toBeGreaterThan(0)
    expect(replay.after).toEqual(replay.before)
    expect(await replayDay(hub().ctx, systemViewer, stretch)).toEqual({ ...replay, after: null })
    ann.close()
  })

  it('is offered again to who missed an offer, once the centre’s time for that is over', async () => {
    await setRoutingSettings(hub().ctx, systemViewer, routingSettingsSchema.parse({ notRespondingMs: 60_000 }))
    const centre = await makeCentre(hub(), { queues: { main: { avoidMs: 0 } } })
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    await centre.customer().sendText('hello')
    const first = await ann.nextOffer()
    for (let i = 0; i < 10; i++) {
      await passTime(hub(), 15_000)
      await ann.ask('presence.renew', {})
    }
    const offers = ann.events.flatMap((event) => (event.name === 'offer.changed' && 'offer' in event.body ? [event.body.offer.id] : []))
    expect(new Set(offers).size).toBeGreaterThan(1)
    expect(offers[0]).toBe(first.id)
    await setRoutingSettings(hub().ctx, systemViewer, routingSettingsSchema.parse({}))
    ann.close()
  })

  it('goes by nothing that can never work: a circle is refused, what nobody can take is told', async () => {
    const centre = await makeCentre(hub(), { queues: { one: {}, two: {} } })
    const { ctx } = hub()
    const [one, two] = [await queueOf(ctx.store, centre.queue('one')), await queueOf(ctx.store, centre.queue('two'))]
    const passesOn = (to: string) => [{ afterMs: 60_000, action: { kind: 'queue' as const, queueId: to } }]
    await updateQueue(ctx, systemViewer, one.id, { ...one, settings: { ...one.settings, whileWaiting: passesOn(two.id) } })
    await expect(
      updateQueue(ctx, systemViewer, two.id, { ...two, settings: { ...two.settings, whileWaiting: passesOn(one.id) } }),
    ).rejects.toMatchObject({ kind: 'conflict', details: { code: 'configuration_refused' } })
    expect((await queueOf(ctx.store, two.id)).settings.whileWaiting).toEqual([])
    await updateQueue(ctx, systemViewer, two.id, { ...two, memberIds: [] })
    const found = (await configurationFindings(ctx, systemViewer)).filter(({ about }) => about.id === two.id)
    expect(found).toMatchObject([{ severity: 'warning', code: 'queue_without_members' }])
  })
})
