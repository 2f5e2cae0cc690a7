import { ExternalLink, Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import css from './shop.module.css'

const shopPath = '/sandbox/shop'

/** A browser window with the shop page, whose chat widget talks to the web chat inbox. */
export function Shop() {
  const { t, i18n } = useTranslation()
  const address = `${shopPath}?lang=${encodeURIComponent(i18n.language)}`
  return (
    <main className={css.stage}>
      <div className={css.window}>
        <div className={css.bar}>
          <span className={css.lights} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className={css.address}>
            <Lock size={12} aria-hidden="true" />
            <span className="cut">
              {location.host}
              {shopPath}
            </span>
          </span>
          <a className={css.open} href={address} target="_blank" rel="noreferrer">
            <ExternalLink size={14} aria-hidden="true" />
            <span>{t('shop.window')}</span>
          </a>
        </div>
        <iframe key={address} className={css.frame} src={address} title={t('shop.frame')} />
      </div>
    </main>
  )
}
