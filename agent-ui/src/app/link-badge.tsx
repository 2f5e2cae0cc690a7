import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { browserNow } from '../live/clock.ts'
import { useLink } from '../live/link.ts'
import { useNow } from '../live/use-now.ts'
import css from './link-badge.module.css'
import shell from './shell.module.css'

const graceMs = 2_500

/** Whether what is on the screen is true now: in sync, catching up, or offline and for how long. */
export function LinkBadge() {
  const { t } = useTranslation()
  const format = useFormat()
  const { status, since, heartbeatAt } = useLink()
  useNow(5_000)
  const age = format.span(browserNow() - (heartbeatAt ?? since))
  return (
    <span className={css.badge} data-status={status} role="status" title={heartbeatAt === null ? undefined : t('link.heard', { age })}>
      <span className={css.sign} aria-hidden="true" />
      <span className={css.words}>{status === 'offline' ? t('link.offline', { age }) : t(`link.${status}`)}</span>
    </span>
  )
}

/** Says that the connection is gone, once it has been gone long enough to matter, and what is kept meanwhile. */
export function LinkBanner() {
  const { t } = useTranslation()
  const { status, since } = useLink()
  useNow(1_000)
  if (status !== 'offline' || browserNow() - since < graceMs) return null
  return (
    <div className={shell.banner} role="status">
      {t('link.banner')}
    </div>
  )
}
