import { Tooltip } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import { Activity, CheckCheck, CircleHelp, Clock3, Inbox, Layers, Search, Settings2, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { useInboxCounts } from '../inbox/use-inbox-counts.ts'
import { useHelp } from '../keyboard/use-help.ts'
import { useMay, useQueues, useStats } from '../live/use-things.ts'
import { Mark } from '../parts/mark.tsx'
import { LinkBadge } from './link-badge.tsx'
import css from './sidebar.module.css'
import { StateSwitch } from './state-switch.tsx'

const iconProps = { size: 17, strokeWidth: 1.75, 'aria-hidden': true } as const

function Item(props: {
  icon: ReactNode
  label: string
  count?: number | undefined
  countLabel?: string | undefined
  children?: never
  link: (inner: ReactNode) => ReactNode
}) {
  const format = useFormat()
  return (
    <li>
      <Tooltip label={props.label} position="right" classNames={{ tooltip: css.tooltip ?? '' }}>
        {props.link(
          <>
            {props.icon}
            <span className={css.label}>{props.label}</span>
            {props.count !== undefined && props.count > 0 && (
              <span className={css.count}>
                {format.number(props.count)}
                {props.countLabel && <span className="visually-hidden"> {props.countLabel}</span>}
              </span>
            )}
          </>,
        )}
      </Tooltip>
    </li>
  )
}

function Views() {
  const { t } = useTranslation()
  const counts = useInboxCounts()
  const entries = [
    { view: 'mine', icon: <Inbox {...iconProps} />, count: counts.mine },
    { view: 'waiting', icon: <Clock3 {...iconProps} />, count: counts.waiting },
    { view: 'open', icon: <Layers {...iconProps} />, count: undefined },
    { view: 'resolved', icon: <CheckCheck {...iconProps} />, count: undefined },
  ] as const
  return (
    <ul>
      {entries.map(({ view, icon, count }) => (
        <Item
          key={view}
          icon={icon}
          label={t(`view.${view}`)}
          count={count}
          link={(inner) => (
            <Link
              to="/inbox/$view"
              params={{ view }}
              search={{}}
              activeOptions={{ exact: false, includeSearch: false }}
              className={css.item ?? ''}
            >
              {inner}
            </Link>
          )}
        />
      ))}
    </ul>
  )
}

function QueueList() {
  const { t } = useTranslation()
  const stats = useStats()
  const queues = useQueues().filter((q) => q.enabled && stats[q.id] !== undefined)
  const active = useRouterState({ select: (s) => s.location.search.queue })
  if (queues.length === 0) return null
  return (
    <div className={css.queues}>
      <h2 id="sidebar-queues">{t('nav.queues')}</h2>
      <ul aria-labelledby="sidebar-queues">
        {queues.map((queue) => (
          <li key={queue.id}>
            <Link
              to="/inbox/$view"
              params={{ view: 'waiting' }}
              search={{ queue: queue.id }}
              className={css.item ?? ''}
              data-chosen={active === queue.id || undefined}
              activeProps={{ className: css.item ?? '' }}
            >
              <span className={css.label}>{queue.name}</span>
              <span className={css.count} title={t('nav.waiting')}>
                {stats[queue.id]?.waiting ?? 0}
                <span className="visually-hidden"> {t('nav.waiting')}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The way about the console, by role; one's own state and the connection at its foot. */
export function Sidebar() {
  const { t } = useTranslation()
  const supervises = useMay('supervisor.view')
  const administers = useMayAdminister()
  const openHelp = useHelp((h) => h.open)
  return (
    <aside className={css.sidebar} aria-label="Onequeue">
      <div className={css.brand}>
        <Mark size={24} />
        <span className={css.label}>Onequeue</span>
      </div>
      <nav aria-label={t('nav.main')} className={css.nav}>
        <Views />
        <QueueList />
        <ul className={css.places}>
          <Item
            icon={<Search {...iconProps} />}
            label={t('nav.search')}
            link={(inner) => (
              <Link to="/search" className={css.item ?? ''}>
                {inner}
              </Link>
            )}
          />
          {supervises && (
            <Item
              icon={<Activity {...iconProps} />}
              label={t('nav.supervisor')}
              link={(inner) => (
                <Link to="/supervisor" className={css.item ?? ''}>
                  {inner}
                </Link>
              )}
            />
          )}
          {administers && (
            <Item
              icon={<Settings2 {...iconProps} />}
              label={t('nav.admin')}
              link={(inner) => (
                <Link to="/admin" className={css.item ?? ''}>
                  {inner}
                </Link>
              )}
            />
          )}
          <Item
            icon={<UserRound {...iconProps} />}
            label={t('nav.profile')}
            link={(inner) => (
              <Link to="/profile" className={css.item ?? ''}>
                {inner}
              </Link>
            )}
          />
        </ul>
      </nav>
      <div className={css.foot}>
        <StateSwitch />
        <div className={css.line}>
          <LinkBadge />
          <button type="button" className={css.help} onClick={openHelp} aria-label={t('shortcuts.title')} title={t('shortcuts.title')}>
            <CircleHelp size={15} aria-hidden="true" />
          </button>
        </div>
      </div>
    </aside>
  )
}

function useMayAdminister(): boolean {
  const held = [useMay('agent.manage'), useMay('queue.manage'), useMay('inbox.manage'), useMay('skill.manage'), useMay('delivery.read')]
  return held.includes(true)
}
