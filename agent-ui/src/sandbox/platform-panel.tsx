import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneSwitches } from '../../../src/wire/sandbox.ts'
import { usePlatform } from './api.ts'
import css from './guide.module.css'

const marks = ['redelivers', 'duplicates', 'reorders', 'dropsDownloads', 'failsTranscoding'] as const
const tokenLives = [null, 5_000, 20_000] as const
const preparations = [0, 5_000, 60_000] as const
const quotas = [null, 0, 5, 200] as const

interface ChoiceProps<T extends number | null> {
  readonly label: string
  readonly value: T
  readonly values: readonly T[]
  readonly words: (value: T) => string
  readonly onChange: (value: T) => void
}

/** A choice among a few values; one that was set elsewhere stands among them. */
function Choice<T extends number | null>({ label, value, values, words, onChange }: ChoiceProps<T>) {
  const id = useId()
  const all = values.includes(value) ? values : [...values, value]
  return (
    <p className={css.setting}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={String(value)}
        onChange={(event) => {
          const chosen = all.find((one) => String(one) === event.target.value)
          if (chosen !== undefined) onChange(chosen)
        }}
      >
        {all.map((one) => (
          <option key={String(one)} value={String(one)}>
            {words(one)}
          </option>
        ))}
      </select>
    </p>
  )
}

function Mark({ label, on, onChange }: { label: ReactNode; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className={css.setting}>
      <span>{label}</span>
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
    </label>
  )
}

/** What the stand-in platform does to an account: each thing that the real one does or may do has its switch. */
export function PlatformPanel({ accountId }: { accountId: string }) {
  const { t } = useTranslation()
  const { data, change } = usePlatform(accountId)
  if (!data) return null
  const { switches, quotaUsed } = data
  const set = (changes: Partial<PhoneSwitches>): void => change.mutate(changes)
  const seconds = (ms: number): string => t('platform.seconds', { count: ms / 1_000 })
  return (
    <section className={css.platform} aria-labelledby="platform-title">
      <h2 id="platform-title" className={css.title}>
        {t('platform.title')}
      </h2>
      <Choice
        label={t('platform.monthlyQuota')}
        value={switches.monthlyQuota}
        values={quotas}
        words={(quota) => (quota === null ? t('platform.noLimit') : String(quota))}
        onChange={(monthlyQuota) => set({ monthlyQuota })}
      />
      <p className={css.used}>{t('platform.used', { count: quotaUsed })}</p>
      <Choice
        label={t('platform.tokenLifeMs')}
        value={switches.tokenLifeMs}
        values={tokenLives}
        words={(ms) => (ms === null ? t('platform.asReal') : seconds(ms))}
        onChange={(tokenLifeMs) => set({ tokenLifeMs })}
      />
      <Choice
        label={t('platform.prepareMs')}
        value={switches.prepareMs}
        values={preparations}
        words={seconds}
        onChange={(prepareMs) => set({ prepareMs })}
      />
      {marks.map((name) => (
        <Mark key={name} label={t(`platform.${name}`)} on={switches[name]} onChange={(on) => set({ [name]: on })} />
      ))}
    </section>
  )
}
