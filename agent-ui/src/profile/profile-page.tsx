import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSentence } from '../i18n/use-sentence.ts'
import { useMe } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { tellFailure } from '../parts/toast.tsx'
import { forgetDrafts } from '../session/own-drafts.ts'
import { sessionApi } from '../session/session-api.ts'
import { AppearanceForm } from './appearance-form.tsx'
import { PasswordForm } from './password-form.tsx'
import css from './profile.module.css'
import { SessionList } from './session-list.tsx'
import { SignatureForm } from './signature-form.tsx'
import { TotpForm } from './totp-form.tsx'

/** One's own account: language and looks of this browser, password, second step, log-ins. */
export function ProfilePage() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const me = useMe()
  const leave = useMutation({
    mutationFn: sessionApi.logOut,
    onSuccess: () => {
      forgetDrafts()
      window.location.assign('/')
    },
    onError: (error) => tellFailure(sentence(error)),
  })
  return (
    <div className={css.page}>
      <header className={css.head}>
        <Avatar id={me.agent.id} name={me.agent.name} size={44} />
        <div className={css.names}>
          <h1>
            <bdi>{me.agent.name}</bdi>
          </h1>
          <p>{t('profile.identity', { email: me.agent.email, role: t(`role.${me.role.id}`, { defaultValue: me.role.name }) })}</p>
        </div>
        <Button variant="default" leftSection={<LogOut size={15} />} loading={leave.isPending} onClick={() => leave.mutate()}>
          {t('profile.logOut')}
        </Button>
      </header>
      <AppearanceForm />
      <SignatureForm />
      <PasswordForm />
      <TotpForm />
      <SessionList />
    </div>
  )
}
