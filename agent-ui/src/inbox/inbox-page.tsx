import { Menu } from '@mantine/core'
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ArrowDownWideNarrow, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationView } from '../../../src/wire/conversations.ts'
import { useQueue } from '../live/use-things.ts'
import { ConversationList } from './conversation-list.tsx'
import css from './inbox-page.module.css'
import type { MineOrder } from './list-order.ts'
import { useConversationList } from './use-conversation-list.ts'

const orders: readonly MineOrder[] = ['sla', 'waiting', 'latest']

function OrderMenu({ order, onChoose }: { order: MineOrder; onChoose: (order: MineOrder) => void }) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={css.order} aria-label={t('list.order.label', { order: t(`list.order.${order}`) })}>
          <ArrowDownWideNarrow size={14} aria-hidden="true" />
          <span>{t(`list.order.${order}`)}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {orders.map((choice) => (
          <Menu.Item
            key={choice}
            onClick={() => onChoose(choice)}
            aria-current={choice === order ? 'true' : undefined}
            fw={choice === order ? 600 : 400}
          >
            {t(`list.order.${choice}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** A view of conversations beside the one that is open; one pane at a time on narrow screens. */
export function InboxPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { view: name, conversationId } = useParams({ strict: false })
  const { queue: queueId } = useSearch({ strict: false })
  const view = name as ConversationView
  const queue = useQueue(queueId)
  const [order, setOrder] = useState<MineOrder>('sla')
  const list = useConversationList(view, queueId, order)
  return (
    <div className={css.inbox} data-open={conversationId !== undefined || undefined}>
      <h1 className="visually-hidden">{t(`view.${view}`)}</h1>
      <section className={css.list} aria-label={t('list.label', { view: t(`view.${view}`) })}>
        <div className={css.head}>
          <h2 className={css.title}>{t(`view.${view}`)}</h2>
          {view === 'mine' && <OrderMenu order={order} onChoose={setOrder} />}
        </div>
        {queue && (
          <div className={css.filter}>
            <span className="cut">{queue.name}</span>
            <button
              type="button"
              aria-label={t('list.allQueues')}
              onClick={() => void navigate({ to: '/inbox/$view', params: { view }, search: {} })}
            >
              <X size={13} aria-hidden="true" />
            </button>
          </div>
        )}
        <ConversationList list={list} view={view} order={order} />
      </section>
      <div className={css.thread}>
        <Outlet />
      </div>
    </div>
  )
}
