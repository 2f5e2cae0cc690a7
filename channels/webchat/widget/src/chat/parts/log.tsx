import { useEffect, useMemo } from 'preact/hooks'
import { useChat, useChatState } from '../context.ts'
import { type Row, rowsOf } from '../model/rows.ts'
import type { Thread } from '../model/thread.ts'
import { Bubble, PendingBubble } from './bubble.tsx'
import { Avatar } from './header.tsx'
import { Icon } from './icons.tsx'
import { QuickReplies } from './quick-replies.tsx'
import { Typing } from './typing.tsx'
import { useAnnouncement } from './use-announcement.ts'
import { useScroll } from './use-scroll.ts'

/** The conversation. Scrolling is the person's: it follows new messages only while they are at the end. */
export function Log({ shown }: { shown: boolean }) {
  const { client, language } = useChat()
  const thread = useChatState((state) => state.thread)
  const pending = useChatState((state) => state.pending)
  const synced = useChatState((state) => state.synced)
  const unseen = useChatState((state) => state.unseen)
  const typing = useChatState((state) => state.typing)
  const rows = useMemo(() => rowsOf(thread.messages, pending), [thread.messages, pending])
  // The visitor's newest message alone shows how far it has come; for earlier ones it goes without saying.
  const lastOwn = useMemo(
    () => rows.findLastIndex((row) => row.kind === 'pending' || (row.kind === 'message' && row.message.direction === 'in')),
    [rows],
  )
  const { box, atEnd, toEnd } = useScroll(rows, typing, shown)
  const { live, summary } = useAnnouncement(thread.messages, synced)
  useEffect(() => client.look(shown && atEnd), [client, shown, atEnd])
  return (
    <div class="log-place">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard (WCAG 2.1.1). */}
      <section class="log" ref={box} role="log" aria-label={language.text('log')} aria-live={live} aria-busy={!synced} tabIndex={0}>
        {thread.older && <Older />}
        {synced && !thread.older && <Greeting />}
        {!synced && rows.length === 0 && <Skeleton />}
        {rows.map((row, index) => (
          <LogRow key={row.key} row={row} thread={thread} state={index === lastOwn} />
        ))}
        {thread.state.status === 'ended' && pending.length === 0 && <p class="line">{language.text('endedNote')}</p>}
        <QuickReplies />
        <Typing />
      </section>
      <p class="visually-hidden" role="status">
        {summary}
      </p>
      {!atEnd && (
        <button type="button" class="to-end" onClick={toEnd} aria-label={unseen > 0 ? undefined : language.text('toBottom')}>
          <Icon name="down" size={16} />
          {unseen > 0 && (unseen === 1 ? language.text('newBelowOne') : language.text('newBelow', { count: unseen }))}
        </button>
      )}
    </div>
  )
}

function LogRow({ row, thread, state }: { row: Row; thread: Thread; state: boolean }) {
  const { language } = useChat()
  switch (row.kind) {
    case 'day':
      return (
        <h2 class="day">
          <span>{language.day(row.at, Date.now())}</span>
        </h2>
      )
    case 'message':
      return <Bubble message={row.message} thread={thread} first={row.first} last={row.last} showState={state} />
    case 'pending':
      return <PendingBubble pending={row.pending} first={row.first} last={row.last} />
  }
}

function Older() {
  const { client, language } = useChat()
  const loading = useChatState((state) => state.loadingOlder)
  return (
    <button type="button" class="older" disabled={loading} onClick={() => void client.loadOlder()}>
      {language.text('older')}
    </button>
  )
}

function Greeting() {
  const { language } = useChat()
  const greeting = useChatState((state) => state.inbox?.greeting ?? null)
  return (
    <div class="row theirs first last">
      <Avatar name={null} small />
      <div class="stack">
        <div class="bubble">
          <p>{greeting ?? language.text('greeting')}</p>
        </div>
      </div>
    </div>
  )
}

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  )
}
