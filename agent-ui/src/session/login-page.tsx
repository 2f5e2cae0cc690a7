import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/wire/agents.ts'
import { ApiError } from '../api/api-error.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { EntryPage } from './entry-page.tsx'
import { sessionApi } from './session-api.ts'

interface Form {
  readonly email: string
  readonly password: string
  readonly totp: string
}
type Change = (changes: Partial<Form>) => void

function PasswordStep({ form, onChange }: { form: Form; onChange: Change }) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput
        label={t('login.email')}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={form.email}
        onChange={(e) => onChange({ email: e.currentTarget.value })}
      />
      <PasswordInput
        label={t('login.password')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
        value={form.password}
        onChange={(e) => onChange({ password: e.currentTarget.value })}
      />
    </>
  )
}

function TotpStep({ form, onChange }: { form: Form; onChange: Change }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <TextInput
      ref={input}
      label={t('login.totp')}
      description={t('login.totpHint')}
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      withAsterisk={false}
      value={form.totp}
      onChange={(e) => onChange({ totp: e.currentTarget.value })}
    />
  )
}

const asksForCode = (error: unknown) => error instanceof ApiError && error.code === 'totp_required'

function useLogIn(onLogIn: (me: Me) => void) {
  const [step, setStep] = useState<'password' | 'totp'>('password')
  const [form, setForm] = useState<Form>({ email: '', password: '', totp: '' })
  const login = useMutation({
    mutationFn: () => {
      const { email, password, totp } = form
      return sessionApi.logIn({ email: email.trim(), password, ...(step === 'totp' ? { totp: totp.replace(/\s/g, '') } : {}) })
    },
    onSuccess: onLogIn,
    onError: (error) => {
      if (asksForCode(error)) setStep('totp')
    },
  })
  // Being asked for the code the first time is no mistake.
  const refused = asksForCode(login.error) && form.totp === '' ? null : login.error
  return { step, setStep, form, change: (changes: Partial<Form>) => setForm({ ...form, ...changes }), login, refused }
}

/** Mails a link for a new password to the address in the form. */
function ForgottenPassword({ email }: { email: string }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const reset = useMutation({ mutationFn: () => sessionApi.reset(email.trim()) })
  if (reset.isSuccess) return <p role="status">{t('login.resetSent')}</p>
  return (
    <>
      <Button variant="subtle" fullWidth disabled={!email.includes('@')} loading={reset.isPending} onClick={() => reset.mutate()}>
        {t('login.forgotten')}
      </Button>
      {reset.isError && <p role="alert">{sentence(reset.error)}</p>}
    </>
  )
}

/** Asks who it is: e-mail and password, then the six digits where the account has them. */
export function LoginPage(props: { ended: boolean; onLogIn: (me: Me) => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { step, setStep, form, change, login, refused } = useLogIn(props.onLogIn)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  return (
    <EntryPage title={t('login.title')} notice={props.ended ? t('login.ended') : null} error={refused ? sentence(refused) : null}>
      <form onSubmit={submit}>
        {step === 'password' ? <PasswordStep form={form} onChange={change} /> : <TotpStep form={form} onChange={change} />}
        <Button type="submit" fullWidth loading={login.isPending}>
          {step === 'password' ? t('login.submit') : t('login.confirm')}
        </Button>
        {step === 'password' && <ForgottenPassword email={form.email} />}
        {step === 'totp' && (
          <Button variant="subtle" fullWidth onClick={() => setStep('password')}>
            {t('login.back')}
          </Button>
        )}
      </form>
    </EntryPage>
  )
}
