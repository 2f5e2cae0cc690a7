import { SegmentedControl, Select, Switch } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from '../../../src/wire/words.ts'
import { http } from '../api/http.ts'
import { useLocale } from '../app/appearance.ts'
import { type Preferences, usePreferences } from '../app/preferences.ts'
import { localeNames } from '../i18n/index.ts'
import css from './profile.module.css'

function Line({ label, hint, children }: { label: string; hint?: string; children: (labelledBy: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={css.line}>
      <div>
        <span id={id} className={css.label}>
          {label}
        </span>
        {hint && <p className={css.hint}>{hint}</p>}
      </div>
      {children(id)}
    </div>
  )
}

function Choice<K extends 'theme' | 'density' | 'sendKey'>({
  name,
  label,
  values,
}: {
  name: K
  label: string
  values: readonly Preferences[K][]
}) {
  const { t } = useTranslation()
  const { choose, [name]: value } = usePreferences()
  return (
    <Line label={label}>
      {(id) => (
        <SegmentedControl
          aria-labelledby={id}
          value={value}
          onChange={(chosen) => choose({ [name]: chosen, ...(name === 'sendKey' ? { sendKeyChosen: true } : {}) })}
          data={values.map((v) => ({ value: v, label: t(`profile.${name}.${v}`) }))}
        />
      )}
    </Line>
  )
}

/** Language, theme, density, keys and sound; kept in this browser, the language with the account too. */
export function AppearanceForm() {
  const { t } = useTranslation()
  const locale = useLocale()
  const { shortcuts, sound, choose } = usePreferences()
  const chooseLocale = (value: string | null) => {
    if (value === null) return
    choose({ locale: value as Locale })
    // The browser follows at once; the account learns it when it can.
    http.patch('/me', { locale: value }).catch(() => {})
  }
  return (
    <section className={css.block}>
      <h2>{t('profile.appearance')}</h2>
      <Line label={t('profile.language')}>
        {(id) => (
          <Select
            aria-labelledby={id}
            value={locale}
            onChange={chooseLocale}
            data={Object.entries(localeNames).map(([value, label]) => ({ value, label }))}
            w={200}
          />
        )}
      </Line>
      <Choice name="theme" label={t('profile.themeLabel')} values={['system', 'light', 'dark']} />
      <Choice name="density" label={t('profile.densityLabel')} values={['compact', 'cosy']} />
      <Choice name="sendKey" label={t('profile.sendKeyLabel')} values={['enter', 'mod_enter']} />
      <Line label={t('profile.shortcuts')} hint={t('profile.shortcutsHint')}>
        {(id) => <Switch aria-labelledby={id} checked={shortcuts} onChange={(e) => choose({ shortcuts: e.currentTarget.checked })} />}
      </Line>
      <Line label={t('profile.sound')} hint={t('profile.soundHint')}>
        {(id) => <Switch aria-labelledby={id} checked={sound} onChange={(e) => choose({ sound: e.currentTarget.checked })} />}
      </Line>
    </section>
  )
}
