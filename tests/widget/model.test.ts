import { describe, expect, it } from 'vitest'
import { newClientId, openOutbox, type Pending } from '../../channels/webchat/widget/src/chat/model/outbox.ts'
import { rowsOf } from '../../channels/webchat/widget/src/chat/model/rows.ts'
import { isSafari, isSendKey, type KeyPress } from '../../channels/webchat/widget/src/chat/model/send-key.ts'
import { memoryStorage } from '../../channels/webchat/widget/src/chat/model/storage.ts'
import { linkify } from '../../channels/webchat/widget/src/chat/model/text.ts'
import {
  advance,
  applyHistory,
  applyState,
  applySync,
  emptyThread,
  isSeenByUs,
  mergeMessages,
  newestFromUs,
  unseen,
} from '../../channels/webchat/widget/src/chat/model/thread.ts'
import type { VisitorMessage, VisitorState } from '../../src/wire/visitor.ts'

const message = (id: string, more: Partial<VisitorMessage> = {}): VisitorMessage => ({
  id,
  conversationId: 'c1',
  ordinal: Number(id.replace(/\D/g, '')),
  direction: 'in',
  authorName: null,
  parts: [{ type: 'text', text: id }],
  clientId: `client-${id}`,
  status: 'delivered',
  unsent: false,
  at: Date.UTC(2026, 0, 5, 4),
  ...more,
})
const state = (more: Partial<VisitorState> = {}): VisitorState => ({
  conversationId: 'c1',
  status: 'talking',
  agentName: 'Ann',
  readCount: 0,
  seenCount: 0,
  ...more,
})
const ids = (messages: readonly VisitorMessage[]) => messages.map(({ id }) => id)

describe('the thread', () => {
  const known = applySync(emptyThread, { state: state(), messages: [message('m1'), message('m3')], fresh: true, older: true, seq: 10 })

  it('keeps the order of the record, whatever comes first', () => {
    expect(ids(mergeMessages(known, [message('m2'), message('m4')], 12).messages)).toEqual(['m1', 'm2', 'm3', 'm4'])
    const next = message('m1-of-next', { conversationId: 'c2', ordinal: 1 })
    expect(ids(mergeMessages(known, [next], 12).messages)).toEqual(['m1', 'm3', 'm1-of-next'])
  })

  it('takes a newer form of a message and never an older one', () => {
    const edited = message('m1', { unsent: true })
    const newer = mergeMessages(known, [edited], 11)
    expect(newer.messages[0]?.unsent).toBe(true)
    expect(mergeMessages(newer, [message('m1')], 10).messages[0]?.unsent).toBe(true)
    expect(mergeMessages(newer, [message('m1')], 11).messages[0]?.unsent).toBe(false)
  })

  it('takes the same answer twice without a change', () => {
    const answer = { state: state({ readCount: 2 }), messages: [message('m2')], fresh: false, older: false, seq: 14 }
    const once = applySync(known, answer)
    expect(applySync(once, answer)).toEqual(once)
    expect([once.seq, once.older]).toEqual([14, true])
  })

  it('is replaced by a fresh answer, and grows backwards by history', () => {
    const fresh = applySync(known, { state: state(), messages: [message('m8')], fresh: true, older: true, seq: 20 })
    expect(ids(fresh.messages)).toEqual(['m8'])
    const more = applyHistory(fresh, { messages: [message('m6'), message('m7')], older: false, seq: 21 })
    expect([ids(more.messages), more.older, more.seq]).toEqual([['m6', 'm7', 'm8'], false, 20])
  })

  it('never goes back in state or place', () => {
    const later = applyState(known, state({ readCount: 3 }), 12)
    expect(applyState(later, state({ readCount: 1 }), 11).state.readCount).toBe(3)
    expect(advance(advance(known, 15), 12).seq).toBe(15)
  })

  it('counts what the visitor has not seen, here or in another window', () => {
    const ours = [2, 4, 5].map((n) => message(`m${n}`, { direction: 'out', clientId: null, status: null }))
    const thread = mergeMessages(known, [...ours, message('m6', { direction: 'out', unsent: true })], 11)
    expect(unseen(thread, null)).toHaveLength(3)
    expect(unseen(thread, { conversationId: 'c1', ordinal: 4 })).toHaveLength(1)
    expect(unseen(applyState(thread, state({ seenCount: 5 }), 12), null)).toHaveLength(0)
    expect(unseen(thread, { conversationId: 'c0', ordinal: 99 })).toHaveLength(3)
    expect(newestFromUs(thread)).toEqual({ conversationId: 'c1', ordinal: 6 })
  })

  it('knows which of the visitor’s words were read', () => {
    const thread = applyState(known, state({ readCount: 1 }), 12)
    expect(thread.messages.map((item) => isSeenByUs(thread, item))).toEqual([true, false])
  })
})

describe('the outbox', () => {
  const pending = (clientId: string, at: number): Pending => ({ clientId, text: clientId, files: [], at, failure: null })

  it('outlives a reload, in the order of writing, for each inbox apart', () => {
    const storage = memoryStorage()
    const outbox = openOutbox(storage, 'inbox')
    outbox.put(pending('b', 2))
    outbox.put(pending('a', 2))
    outbox.put(pending('z', 1))
    openOutbox(storage, 'other').put(pending('x', 0))
    storage.setItem('onequeue:inbox:out:broken', '{')
    storage.setItem('onequeue:inbox:out:strange', '{"clientId":7}')
    expect(
      openOutbox(storage, 'inbox')
        .list()
        .map(({ clientId }) => clientId),
    ).toEqual(['z', 'a', 'b'])
    outbox.remove('a')
    expect(
      openOutbox(storage, 'inbox')
        .list()
        .map(({ clientId }) => clientId),
    ).toEqual(['z', 'b'])
  })

  it('makes names that the server takes, each once', () => {
    const names = Array.from({ length: 500 }, newClientId)
    expect(new Set(names).size).toBe(500)
    expect(names.every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true)
  })
})

describe('the key that sends', () => {
  const enter: KeyPress = { key: 'Enter', keyCode: 13, isComposing: false, shiftKey: false, altKey: false }
  const long = 10_000

  it.each([
    ['Enter', enter, long, false, true],
    ['a letter', { ...enter, key: 'a' }, long, false, false],
    ['Shift+Enter', { ...enter, shiftKey: true }, long, false, false],
    ['Alt+Enter', { ...enter, altKey: true }, long, false, false],
    ['Enter that confirms a composition', { ...enter, isComposing: true }, long, false, false],
    ['Enter that the input method has taken', { ...enter, keyCode: 229 }, long, false, false],
    ['Enter in Safari, right after a composition', enter, 20, true, false],
    ['Enter in Safari, later', enter, 301, true, true],
    ['Enter in Chromium, right after a composition', enter, 20, false, true],
    ['Enter when nothing was ever composed', enter, Number.POSITIVE_INFINITY, true, true],
  ])('%s', (_what, press, since, safari, sends) => {
    expect(isSendKey(press, since, safari)).toBe(sends)
  })

  it('tells Safari from those who call themselves after it', () => {
    const webkit = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'
    expect(isSafari(`${webkit} Version/18.1 Safari/605.1.15`)).toBe(true)
    expect(isSafari(`${webkit} CriOS/130.0 Mobile/15E148 Safari/604.1`)).toBe(true)
    expect(isSafari('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36')).toBe(false)
    expect(isSafari('Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0')).toBe(false)
  })
})

describe('links in a text', () => {
  it.each([
    ['see https://a.example/x?y=1#z.', ['see ', '<https://a.example/x?y=1#z>', '.']],
    ['(http://a.example)', ['(', '<http://a.example>', ')']],
    ['https://a.example/wiki/Tea_(drink)', ['<https://a.example/wiki/Tea_(drink)>']],
    ['請看https://a.example/茶，謝謝', ['請看', '<https://a.example/茶>', '，謝謝']],
    ['javascript:alert(1) data:text/html,x ftp://a.example', ['javascript:alert(1) data:text/html,x ftp://a.example']],
    ['https://<b>', ['https://<b>']],
    ['', []],
  ])('%s', (text, expected) => {
    const parts = linkify(text)
    expect(parts.map((part) => (part.href === null ? part.text : `<${part.href}>`))).toEqual(expected)
    expect(parts.map((part) => part.text).join('')).toBe(text)
  })
})

describe('the lines of the log', () => {
  const out = (id: string, more: Partial<VisitorMessage> = {}) =>
    message(id, { direction: 'out', clientId: null, authorName: 'Ann', ...more })
  const shape = (rows: ReturnType<typeof rowsOf>) =>
    rows.map((row) =>
      row.kind === 'day'
        ? 'day'
        : `${row.kind === 'message' ? row.message.id : row.pending.clientId}${row.first ? '[' : ''}${row.last ? ']' : ''}`,
    )

  it('group what one author says in one go, and part days', () => {
    const at = Date.UTC(2026, 0, 5, 4)
    const rows = rowsOf(
      [
        message('m1', { at }),
        message('m2', { at: at + 60_000 }),
        out('m3', { at: at + 90_000 }),
        out('m4', { at: at + 90_000, authorName: 'Bob' }),
        out('m5', { at: at + 600_000, authorName: 'Bob' }),
        message('m6', { at: at + 86_400_000 }),
      ],
      [],
    )
    expect(shape(rows)).toEqual(['day', 'm1[', 'm2]', 'm3[]', 'm4[]', 'm5[]', 'day', 'm6[]'])
  })

  it('show what waits after what is stored, and no message twice', () => {
    const at = Date.UTC(2026, 0, 5, 4)
    const waits = (clientId: string): Pending => ({ clientId, text: 'x', files: [], at: at + 1_000, failure: null })
    const rows = rowsOf([message('m1', { at })], [waits('client-m1'), waits('later')])
    expect(shape(rows)).toEqual(['day', 'm1[', 'later]'])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })
})
