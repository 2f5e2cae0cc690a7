import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { Message } from '../../../src/wire/messages.ts'
import type { Thread } from '../../../src/wire/thread.ts'
import { useFormat } from '../i18n/format.ts'
import { useLink } from '../live/link.ts'
import { loadMessages } from '../live/load.ts'
import { type Pending, useSends } from '../live/sends.ts'
import { followThread } from '../live/socket.ts'
import { useNow } from '../live/use-now.ts'
import { useMay, useMe, useThread } from '../live/use-things.ts'
import { Failure } from '../parts/notice.tsx'
import { reachable } from '../parts/reachable.ts'
import { useJump } from '../search/use-jump.ts'
import { withAlbums } from './albums.ts'
import { useAnnouncement } from './announce.ts'
import { MessageBubble } from './message-bubble.tsx'
import { PendingBubble } from './pending-bubble.tsx'
import { SystemLine } from './system-line.tsx'
import css from './thread.module.css'
import { rowsOf, type ThreadRow } from './thread-rows.ts'
import { ThreadSkeleton } from './thread-skeleton.tsx'
import { TypingLine } from './typing-line.tsx'
import { usePageVisible } from './use-page-visible.ts'
import { useReading } from './use-reading.ts'
import { useThreadScroll } from './use-thread-scroll.ts'

/** Loads the newest page when a thread opens, after every reconnect, and when a hole shows. */
function useThreadLoading(conversation: Conversation) {
  const { id, messageCount } = conversation
  const thread = useThread(id)
  const connected = useLink((l) => l.connected)
  useEffect(() => followThread(id), [id])
  const newest = useQuery({
    queryKey: ['thread', id, connected],
    queryFn: async ({ signal }) => {
      await loadMessages(id, undefined, signal)
      return true
    },
    staleTime: 0,
    gcTime: 0,
  })
  const missing = thread !== undefined && (thread.messages.at(-1)?.ordinal ?? 0) < messageCount
  const { refetch } = newest
  useEffect(() => {
    if (!missing) return
    const timer = setTimeout(() => void refetch(), 1_500)
    return () => clearTimeout(timer)
  }, [missing, refetch])
  return { thread, newest }
}

function useOlder(conversationId: string, thread: Thread | undefined) {
  const first = thread?.messages[0]?.ordinal ?? 0
  const older = useQuery({
    queryKey: ['older', conversationId, first],
    queryFn: async ({ signal }) => {
      await loadMessages(conversationId, first, signal)
      return true
    },
    enabled: false,
    retry: 1,
  })
  return { more: thread?.hasOlder === true, loading: older.isFetching, load: () => void older.refetch() }
}

function Rows(props: { rows: readonly ThreadRow[]; conversation: Conversation; thread: Thread }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(60_000)
  const me = useMe().agent.id
  const mayReply = useMay('conversation.reply')
  const byId = useMemo(() => new Map(props.thread.messages.map((m) => [m.id, m])), [props.thread.messages])
  const newestOut = props.thread.messages.findLast((m) => m.direction === 'out')?.id
  const quotedOf = (message: Message) => (message.quotedMessageId === null ? undefined : byId.get(message.quotedMessageId))
  return props.rows.map((row) => {
    if (row.type === 'day')
      return (
        <p key={row.key} className={css.day}>
          {format.day(row.at, now)}
        </p>
      )
    if (row.type === 'new')
      return (
        <p key={row.key} className={css.fresh}>
          {t('thread.newSince')}
        </p>
      )
    const { message } = row
    const line = message.parts[0]
    if (message.direction === 'system') {
      return line?.type === 'system' ? <SystemLine key={row.key} part={line} time={format.time(message.createdAt)} /> : null
    }
    return (
      <MessageBubble
        key={row.key}
        message={message}
        quoted={quotedOf(message)}
        conversation={props.conversation}
        first={row.first}
        last={row.last}
        newestOut={message.id === newestOut}
        mayRetry={mayReply}
        mine={message.author.type === 'agent' && message.author.id === me}
      />
    )
  })
}

function usePendingHere(conversationId: string, thread: Thread | undefined): readonly Pending[] {
  const all = useSends((s) => s.list)
  return useMemo(() => {
    const stored = new Set(thread?.messages.map((m) => m.clientId))
    return all.filter((p) => p.conversationId === conversationId && !stored.has(p.clientId))
  }, [all, conversationId, thread])
}

/** The messages of a conversation, oldest first; older pages are put above on demand. */
export function MessageList({ conversation, onEdit }: { conversation: Conversation; onEdit: (pending: Pending) => void }) {
  const { t } = useTranslation()
  const me = useMe().agent.id
  const { thread, newest } = useThreadLoading(conversation)
  const older = useOlder(conversation.id, thread)
  const [opening] = useState({ readCount: conversation.readCount, messageCount: conversation.messageCount })
  const rows = useMemo(() => rowsOf(withAlbums(thread?.messages ?? []), opening), [thread, opening])
  const pending = usePendingHere(conversation.id, thread)
  const scroller = useRef<HTMLDivElement>(null)
  const scroll = useThreadScroll(scroller, rows[0]?.key ?? '', pending.at(-1)?.clientId ?? rows.at(-1)?.key ?? '')
  const newestOrdinal = thread?.messages.at(-1)?.ordinal ?? 0
  useJump(conversation.id, thread, scroller)
  useReading(conversation, newestOrdinal, scroll.atEnd, usePageVisible())
  const announcement = useAnnouncement(thread?.messages, me)
  const unseen = useUnseen(newestOrdinal, scroll.atEnd)
  if (newest.isError && thread === undefined) return <Failure error={newest.error} onRetry={() => void newest.refetch()} />
  return (
    <div className={css.log}>
      <div
        ref={scroller}
        className={css.scroller}
        onScroll={scroll.onScroll}
        role="log"
        aria-live="off"
        aria-label={t('thread.label', { name: conversation.contact.name })}
        {...reachable}
      >
        <div className={css.inner}>
          {thread === undefined && <ThreadSkeleton />}
          {older.more && (
            <Button className={css.older ?? ''} variant="default" loading={older.loading} onClick={older.load}>
              {t('thread.older')}
            </Button>
          )}
          {thread !== undefined && !older.more && <p className={css.beginning}>{t('thread.beginning')}</p>}
          {thread && <Rows rows={rows} conversation={conversation} thread={thread} />}
          {pending.map((p) => (
            <PendingBubble key={p.clientId} pending={p} onEdit={onEdit} />
          ))}
          <TypingLine conversationId={conversation.id} me={me} />
        </div>
      </div>
      {!scroll.atEnd && (
        <button type="button" className={css.down} onClick={scroll.toEnd}>
          <ArrowDown size={14} aria-hidden="true" />
          {unseen > 0 ? t('thread.unseen', { count: unseen }) : t('thread.toNewest')}
        </button>
      )}
      <div className="visually-hidden" aria-live="polite">
        {announcement}
      </div>
    </div>
  )
}

/** How many messages have come since the reader left the end of the thread. */
function useUnseen(newestOrdinal: number, atEnd: boolean): number {
  const left = useRef(newestOrdinal)
  useEffect(() => {
    if (atEnd) left.current = newestOrdinal
  }, [atEnd, newestOrdinal])
  return atEnd ? 0 : Math.max(0, newestOrdinal - left.current)
}
