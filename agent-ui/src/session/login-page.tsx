import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/wire/agents.ts'
import { ApiError } from '../api/api-error.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { EntryPage } from './entry-page.tsx'
import { sessionApi } from './session-api.ts'

/** Asks who it is: e-mail and password, then the six digits where the account has them. */
export function LoginPage(props: { ended: boolean; onLogIn: (me: Me) => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [step, setStep] = useState<'password' | 'totp'>('password')
  const totpInput = useRef<HTMLInputElement>(null)
  const [form, setForm] = useState({ email: '', password: '', totp: '' })
  const login = useMutation({
    mutationFn: () =>
      sessionApi.logIn({
        email: form.email.trim(),
        password: form.password,
        ...(step === 'totp' ? { totp: form.totp.replace(/\s/g, '') } : {}),
      }),
    onSuccess: props.onLogIn,
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'totp_required') setStep('totp')
    },
  })
  useEffect(() => {
    if (step === 'totp') totpInput.current?.focus()
  }, [step])
  const refused = login.error instanceof ApiError && login.error.code === 'totp_required' && form.totp === '' ? null : login.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  return (
    <EntryPage title={t('login.title')} notice={props.ended ? t('login.ended') : null} error={refused ? sentence(refused) : null}>
      <form onSubmit={submit}>
        {step === 'password' ? (
          <>
            <TextInput
              label={t('login.email')}
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
              value={form.email}
              onChange={(e) => setForm({ ...form, email: e.currentTarget.value })}
            />
            <PasswordInput
              label={t('login.password')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
              value={form.password}
              onChange={(e) => setForm({ ...form, password: e.currentTarget.value })}
            />
          </>
        ) : (
          <TextInput
            ref={totpInput}
            label={t('login.totp')}
            description={t('login.totpHint')}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            value={form.totp}
            onChange={(e) => setForm({ ...form, totp: e.currentTarget.value })}
          />
        )}
        <Button type="submit" fullWidth loading={login.isPending}>
          {step === 'password' ? t('login.submit') : t('login.confirm')}
        </Button>
        {step === 'totp' && (
          <Button variant="subtle" fullWidth onClick={() => setStep('password')}>
            {t('login.back')}
          </Button>
        )}
      </form>
    </EntryPage>
  )
}
