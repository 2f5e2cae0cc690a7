import { useTranslation } from 'react-i18next'
import css from '../guide.module.css'

const steps = ['add', 'write', 'off', 'stop'] as const

/** What to try with a telephone that has nothing but messages. */
export function SmsGuide() {
  const { t } = useTranslation()
  return (
    <aside className={css.guide} aria-labelledby="sms-guide-title">
      <h2 id="sms-guide-title" className={css.title}>
        {t('guide.title')}
      </h2>
      <ol className={css.steps}>
        {steps.map((step, at) => (
          <li key={step} className={css.step}>
            <span className={css.number} aria-hidden="true">
              {at + 1}
            </span>
            {t(`sms.guide.${step}`)}
          </li>
        ))}
      </ol>
      <p className={css.note}>{t('sms.guide.note')}</p>
    </aside>
  )
}
