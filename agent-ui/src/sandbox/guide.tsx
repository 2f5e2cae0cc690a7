import { useTranslation } from 'react-i18next'
import css from './guide.module.css'
import { PlatformPanel } from './platform-panel.tsx'

const steps = ['login', 'write', 'accept', 'more'] as const

/** What to try, for somebody who sees the demo for the first time. */
export function Guide({ accountId }: { accountId: string }) {
  const { t } = useTranslation()
  return (
    <aside className={css.guide} aria-labelledby="guide-title">
      <h2 id="guide-title" className={css.title}>
        {t('guide.title')}
      </h2>
      <ol className={css.steps}>
        {steps.map((step, at) => (
          <li key={step} className={css.step}>
            <span className={css.number} aria-hidden="true">
              {at + 1}
            </span>
            {t(`guide.steps.${step}`)}
          </li>
        ))}
      </ol>
      <p className={css.note}>{t('guide.note')}</p>
      <PlatformPanel accountId={accountId} />
    </aside>
  )
}
