import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp, Coffee, Inbox as InboxIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, ConversationView } from '../../../src/wire/conversations.ts'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { useNow } from '../live/use-now.ts'
import { useMyAgent } from '../live/use-things.ts'
import { Empty, Failure } from '../parts/notice.tsx'
import css from './conversation-list.module.css'
import { ConversationRow } from './conversation-row.tsx'
import { ListSkeleton } from './list-skeleton.tsx'
import { type ConversationList as List, useStillList } from './use-conversation-list.ts'

const rowPx = 76

function useStepping(items: readonly Conversation[], view: ConversationView, scrollTo: (at: number) => void): void {
  const navigate = useNavigate()
  const { conversationId } = useParams({ strict: false })
  const step = (by: number): void => {
    const at = items.findIndex((c) => c.id === conversationId)
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))]
    if (next === undefined || next.id === conversationId) return
    scrollTo(items.indexOf(next))
    void navigate({ to: '/inbox/$view/$conversationId', params: { view, conversationId: next.id }, search: (before) => before })
  }
  useShortcuts({ KeyJ: () => step(1), KeyK: () => step(-1) })
}

function Nothing({ view }: { view: ConversationView }) {
  const { t } = useTranslation()
  const { state } = useMyAgent()
  const icon = view === 'mine' ? <InboxIcon size={28} strokeWidth={1.25} /> : <Coffee size={28} strokeWidth={1.25} />
  const hint = view === 'mine' && state !== 'available' ? t('list.empty.goAvailable') : t(`list.empty.${view}Hint`)
  return (
    <Empty icon={icon} title={t(`list.empty.${view}`)}>
      {hint}
    </Empty>
  )
}

/** The conversations of a view, as many rows in the page as fit; it does not move under the pointer. */
export function ConversationList({ list, view, order }: { list: List; view: ConversationView; order: string }) {
  const { t } = useTranslation()
  const me = useMyAgent().id
  const now = useNow(15_000)
  const { queue } = useSearch({ strict: false })
  const still = useStillList(list.items, `${view}:${queue ?? ''}:${order}`)
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: still.shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    getItemKey: (at) => still.shown[at]?.id ?? at,
  })
  useStepping(still.shown, view, (at) => rows.scrollToIndex(at))
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (list.more && last >= still.shown.length - 10) list.loadMore()
  }, [last, list, still.shown.length])
  if (list.error && list.items.length === 0) return <Failure error={list.error} onRetry={list.retry} />
  if (list.loading && list.items.length === 0) return <ListSkeleton />
  if (list.items.length === 0) return <Nothing view={view} />
  return (
    <div className={css.frame} onPointerEnter={(e) => e.pointerType === 'mouse' && still.hold()} onPointerLeave={still.release}>
      {still.waiting > 0 && (
        <button
          type="button"
          className={css.fresh}
          onClick={() => {
            still.renew()
            rows.scrollToIndex(0)
          }}
        >
          {t('list.fresh', { count: still.waiting })}
          <ArrowUp size={13} aria-hidden="true" />
        </button>
      )}
      <div ref={scroller} className={css.scroller} tabIndex={-1}>
        <ul style={{ height: rows.getTotalSize() }} className={css.rows}>
          {items.map((item) => {
            const conversation = still.shown[item.index]
            if (conversation === undefined) return null
            return (
              <li key={item.key} data-index={item.index} ref={rows.measureElement} style={{ transform: `translateY(${item.start}px)` }}>
                <ConversationRow
                  conversation={conversation}
                  view={view}
                  now={now}
                  me={me}
                  withQueue={view !== 'mine' && queue === undefined}
                />
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}
