import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { http } from '../api/http.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useMe } from '../live/use-things.ts'
import { tellDone } from '../parts/toast.tsx'
import css from './profile.module.css'

const minChars = 10

/** Changes one's own password; other log-ins end with it. */
export function PasswordForm() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const me = useMe()
  const [form, setForm] = useState({ current: '', next: '' })
  const change = useMutation({
    mutationFn: () => http.put<void>('/me/password', form),
    onSuccess: () => {
      setForm({ current: '', next: '' })
      tellDone(t('profile.passwordDone'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const eye = { 'aria-label': t('login.showPassword') }
  return (
    <section className={css.block}>
      <h2>{t('profile.password')}</h2>
      <form className={css.form} onSubmit={submit}>
        <input type="email" autoComplete="username" value={me.agent.email} readOnly hidden />
        <PasswordInput
          label={t('profile.passwordCurrent')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={eye}
          value={form.current}
          onChange={(e) => setForm({ ...form, current: e.currentTarget.value })}
        />
        <PasswordInput
          label={t('profile.passwordNext')}
          description={t('setup.passwordHint', { count: minChars })}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={minChars}
          maxLength={200}
          visibilityToggleButtonProps={eye}
          value={form.next}
          onChange={(e) => setForm({ ...form, next: e.currentTarget.value })}
        />
        {change.isError && (
          <p role="alert" className={css.error}>
            {sentence(change.error)}
          </p>
        )}
        <div>
          <Button type="submit" variant="default" loading={change.isPending}>
            {t('profile.passwordSubmit')}
          </Button>
        </div>
      </form>
    </section>
  )
}
