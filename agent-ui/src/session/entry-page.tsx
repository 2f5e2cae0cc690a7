import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from '../../../src/wire/words.ts'
import { usePreferences } from '../app/preferences.ts'
import { localeNames } from '../i18n/index.ts'
import { Mark } from '../parts/mark.tsx'
import css from './entry-page.module.css'

/** The frame of what is shown before log-in: name, one card, the choice of language. */
export function EntryPage(props: { title: string; notice?: string | null; error?: string | null; children: ReactNode }) {
  const { i18n } = useTranslation()
  const choose = usePreferences((p) => p.choose)
  return (
    <div className={css.page}>
      <main className={css.card}>
        <div className={css.brand}>
          <Mark size={28} />
          <span>Onequeue</span>
        </div>
        <h1 className={css.title}>{props.title}</h1>
        {props.notice && <p className={css.notice}>{props.notice}</p>}
        <div aria-live="assertive">{props.error && <p className={css.error}>{props.error}</p>}</div>
        {props.children}
      </main>
      <nav className={css.languages} aria-label="Language">
        {Object.entries(localeNames).map(([locale, name]) => (
          <button
            type="button"
            key={locale}
            lang={locale}
            aria-current={i18n.language === locale ? 'true' : undefined}
            onClick={() => choose({ locale: locale as Locale })}
          >
            {name}
          </button>
        ))}
      </nav>
    </div>
  )
}
