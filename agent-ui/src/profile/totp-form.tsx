import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TotpSetup } from '../../../src/wire/access.ts'
import type { Me } from '../../../src/wire/agents.ts'
import { http } from '../api/http.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useLive } from '../live/store.ts'
import { useMe } from '../live/use-things.ts'
import { tellDone } from '../parts/toast.tsx'
import css from './profile.module.css'

function useTotp() {
  const queries = useQueryClient()
  const { t } = useTranslation()
  const remember = (totpEnabled: boolean) => {
    const { me } = useLive.getState()
    if (me) useLive.getState().begin({ ...me, totpEnabled })
    queries.setQueryData<Me>(['session'], (known) => known && { ...known, totpEnabled })
    tellDone(t(totpEnabled ? 'profile.totpIsOn' : 'profile.totpIsOff'))
  }
  const start = useMutation({ mutationFn: () => http.post<TotpSetup>('/me/totp') })
  const confirm = useMutation({
    mutationFn: (code: string) => http.post<void>('/me/totp/confirm', { code: code.replace(/\s/g, '') }),
    onSuccess: () => {
      start.reset()
      remember(true)
    },
  })
  const disable = useMutation({
    mutationFn: (password: string) => http.delete<void>('/me/totp', { password }),
    onSuccess: () => remember(false),
  })
  return { start, confirm, disable }
}

function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ')
}

function Enrolment({ setup, totp }: { setup: TotpSetup; totp: ReturnType<typeof useTotp> }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [code, setCode] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    totp.confirm.mutate(code)
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <p>{t('profile.totpSteps')}</p>
      <p>
        <a className={css.link} href={setup.uri}>
          {t('profile.totpOpen')}
        </a>
      </p>
      <div>
        <span className={css.label}>{t('profile.totpSecret')}</span>
        <p className={css.secret}>{grouped(setup.secret)}</p>
      </div>
      <TextInput
        label={t('login.totp')}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        value={code}
        onChange={(e) => setCode(e.currentTarget.value)}
      />
      {totp.confirm.isError && (
        <p role="alert" className={css.error}>
          {sentence(totp.confirm.error)}
        </p>
      )}
      <div className={css.acts}>
        <Button type="submit" loading={totp.confirm.isPending}>
          {t('profile.totpConfirm')}
        </Button>
        <Button variant="default" onClick={() => totp.start.reset()}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}

function TurnOff({ totp }: { totp: ReturnType<typeof useTotp> }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    totp.disable.mutate(password)
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <p>{t('profile.totpOnHint')}</p>
      <PasswordInput
        label={t('profile.passwordCurrent')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
      />
      {totp.disable.isError && (
        <p role="alert" className={css.error}>
          {sentence(totp.disable.error)}
        </p>
      )}
      <div>
        <Button type="submit" variant="default" loading={totp.disable.isPending}>
          {t('profile.totpDisable')}
        </Button>
      </div>
    </form>
  )
}

/** The second step of log-in: enrol an authenticator app, or turn it off with the password. */
export function TotpForm() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const me = useMe()
  const totp = useTotp()
  return (
    <section className={css.block}>
      <h2>{t('profile.totp')}</h2>
      {me.totpEnabled ? (
        <TurnOff totp={totp} />
      ) : totp.start.data ? (
        <Enrolment setup={totp.start.data} totp={totp} />
      ) : (
        <div className={css.form}>
          <p>{t('profile.totpOffHint')}</p>
          {totp.start.isError && (
            <p role="alert" className={css.error}>
              {sentence(totp.start.error)}
            </p>
          )}
          <div>
            <Button variant="default" loading={totp.start.isPending} onClick={() => totp.start.mutate()}>
              {t('profile.totpStart')}
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}
