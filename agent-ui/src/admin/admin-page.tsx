import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../live/use-things.ts'
import css from './admin.module.css'

const pages = [
  { to: '/admin/agents', name: 'agents', permission: 'agent.manage' },
  { to: '/admin/queues', name: 'queues', permission: 'queue.manage' },
  { to: '/admin/skills', name: 'skills', permission: 'skill.manage' },
  { to: '/admin/groups', name: 'groups', permission: 'routing.manage' },
  { to: '/admin/rules', name: 'rules', permission: 'routing.manage' },
  { to: '/admin/calendars', name: 'calendars', permission: 'routing.manage' },
  { to: '/admin/sla', name: 'sla', permission: 'routing.manage' },
  { to: '/admin/inboxes', name: 'inboxes', permission: 'inbox.manage' },
  { to: '/admin/tokens', name: 'tokens', permission: 'token.manage' },
  { to: '/admin/deliveries', name: 'deliveries', permission: 'delivery.read' },
] as const

function Tab({ to, name, permission }: (typeof pages)[number]) {
  const { t } = useTranslation()
  if (!useMay(permission)) return null
  return (
    <li>
      <Link to={to} className={css.tab ?? ''} activeProps={{ 'aria-current': 'page' }}>
        {t(`admin.${name}`)}
      </Link>
    </li>
  )
}

/** The frame of the administration's pages. */
export function AdminPage() {
  const { t } = useTranslation()
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{t('nav.admin')}</h1>
        <nav aria-label={t('nav.admin')}>
          <ul className={css.tabs}>
            {pages.map((page) => (
              <Tab key={page.to} {...page} />
            ))}
          </ul>
        </nav>
      </header>
      <Outlet />
    </div>
  )
}
