// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest'
import { appliedSeq, useLive } from '../../agent-ui/src/live/store.ts'
import { agent, conversation, me, message, snapshot } from './things.ts'

const held = (id: string) => useLive.getState().state.conversations[id]?.value

describe('the live store', () => {
  beforeEach(() => {
    useLive.getState().end()
    useLive.getState().begin(me())
    useLive.getState().takeSnapshot(snapshot())
  })

  test('starts from the snapshot and stands at its number', () => {
    expect(held('c1')?.contact.name).toBe('許家豪')
    expect(appliedSeq()).toBe(100)
    expect(useLive.getState().generation).toBe(1)
  })

  test('takes permissions from a newer snapshot, so that a changed role shows without a new log-in', () => {
    const { role } = me()
    const told = snapshot({ seq: 120, me: { agentId: 'a1', role: { ...role, id: 'supervisor' }, permissions: ['supervisor.view'] } })
    useLive.getState().takeSnapshot(told)
    expect(useLive.getState().me?.permissions).toEqual(['supervisor.view'])
    expect(useLive.getState().me?.role.id).toBe('supervisor')
  })

  test('applies events and their number', () => {
    useLive.getState().takeEvents([
      { name: 'conversation.changed', body: { seq: 101, conversation: conversation({ status: 'wrap_up' }) } },
      { name: 'agent.changed', body: { seq: 103, agent: agent({ state: 'wrap_up' }) } },
    ])
    expect(held('c1')?.status).toBe('wrap_up')
    expect(appliedSeq()).toBe(103)
  })

  test('an answer never puts back what an event has told since it was asked', () => {
    const asOf = appliedSeq()
    useLive
      .getState()
      .takeEvents([{ name: 'conversation.changed', body: { seq: 101, conversation: conversation({ status: 'resolved' }) } }])
    useLive.getState().take({ conversations: [conversation({ status: 'active' })] }, asOf)
    expect(held('c1')?.status).toBe('resolved')
  })

  test('an answer ahead of the stream leaves the number alone, or a reconnect would skip what lies between', () => {
    useLive.getState().take({ conversations: [conversation({ id: 'c2', status: 'queued' })] }, 150)
    expect(held('c2')?.status).toBe('queued')
    expect(appliedSeq()).toBe(100)
  })

  test('a heartbeat moves the number on', () => {
    useLive.getState().reach(140)
    useLive.getState().reach(130)
    expect(appliedSeq()).toBe(140)
  })

  test('a thread fills from its newest page, then upwards, then from events', () => {
    const { takePage, takeEvents } = useLive.getState()
    takePage({ conversationId: 'c1', items: [message(3), message(4)], hasMore: true, seq: 100 }, 'newest')
    takePage({ conversationId: 'c1', items: [message(1), message(2)], hasMore: false, seq: 100 }, 'older')
    takeEvents([{ name: 'message.changed', body: { seq: 101, message: message(5) } }])
    const thread = useLive.getState().state.threads['c1']
    expect(thread?.messages.map((m) => m.ordinal)).toEqual([1, 2, 3, 4, 5])
    expect(thread?.hasOlder).toBe(false)
  })

  test('log-out leaves nothing behind', () => {
    useLive.getState().end()
    expect(useLive.getState().state.conversations).toEqual({})
    expect(useLive.getState().me).toBeNull()
  })
})
