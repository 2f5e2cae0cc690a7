import { Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ReplyGuard } from '../composer/reply-guard.tsx'
import { ShortcutsHelp } from '../keyboard/shortcuts-help.tsx'
import { OfferDock } from '../offers/offer-dock.tsx'
import { useSearchKey } from '../search/use-search-key.ts'
import { LinkBanner } from './link-badge.tsx'
import { MissedBanner } from './missed-banner.tsx'
import css from './shell.module.css'
import { Sidebar } from './sidebar.tsx'

/** The frame around every page: sidebar, banners, offers that ring. */
export function Shell() {
  const { t } = useTranslation()
  useSearchKey()
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        {t('nav.skip')}
      </a>
      <Sidebar />
      <main id="main" className={css.main} tabIndex={-1}>
        <LinkBanner />
        <MissedBanner />
        <div className={css.page}>
          <Outlet />
        </div>
      </main>
      <OfferDock />
      <ReplyGuard />
      <ShortcutsHelp />
    </div>
  )
}
