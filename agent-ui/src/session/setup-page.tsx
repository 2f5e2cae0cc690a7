import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkInfo, LinkUse } from '../../../src/wire/access.ts'
import { http } from '../api/http.ts'
import { useLocale } from '../app/appearance.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { EntryPage } from './entry-page.tsx'

const minPasswordChars = 10

interface Form {
  readonly email: string
  readonly name: string
  readonly password: string
}

function Fields({ link, form, onChange }: { link: LinkInfo; form: Form; onChange: (changes: Partial<Form>) => void }) {
  const { t } = useTranslation()
  return (
    <>
      {link.purpose === 'setup' && link.name === null && (
        <TextInput
          label={t('setup.name')}
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={120}
          value={form.name}
          onChange={(e) => onChange({ name: e.currentTarget.value })}
        />
      )}
      {link.email === null ? (
        <TextInput
          label={t('login.email')}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={form.email}
          onChange={(e) => onChange({ email: e.currentTarget.value })}
        />
      ) : (
        <TextInput label={t('login.email')} type="email" autoComplete="username" readOnly value={link.email} />
      )}
      <PasswordInput
        label={t('setup.password')}
        description={t('setup.passwordHint', { count: minPasswordChars })}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={minPasswordChars}
        maxLength={200}
        visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
        value={form.password}
        onChange={(e) => onChange({ password: e.currentTarget.value })}
      />
    </>
  )
}

function useLinkForm(token: string, link: LinkInfo | undefined) {
  const locale = useLocale()
  const [form, setForm] = useState<Form>({ email: '', name: '', password: '' })
  const use = useMutation({
    mutationFn: () => {
      const own =
        link?.purpose === 'setup'
          ? { locale, ...(form.email ? { email: form.email.trim() } : {}), ...(form.name ? { name: form.name.trim() } : {}) }
          : {}
      return http.postAsNobody('/links/use', { token, password: form.password, ...own } satisfies LinkUse)
    },
    // The token must not stay in the address bar, and the log-in comes next.
    onSuccess: () => window.location.replace('/'),
  })
  return { form, change: (changes: Partial<Form>) => setForm({ ...form, ...changes }), use }
}

/** What a link that works once leads to: the first administrator's account, or choosing a password. */
export function SetupPage({ token }: { token: string }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const link = useQuery({ queryKey: ['link'], queryFn: () => http.postAsNobody<LinkInfo>('/links/inspect', { token }), retry: false })
  const { form, change, use } = useLinkForm(token, link.data)
  const error = link.error ?? use.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    use.mutate()
  }
  return (
    <EntryPage
      title={t(link.isError ? 'setup.dead' : `setup.${link.data?.purpose ?? 'title'}`)}
      notice={link.data?.name ? t('setup.hello', { name: link.data.name }) : null}
      error={error ? sentence(error) : null}
    >
      {link.data && (
        <form onSubmit={submit}>
          <Fields link={link.data} form={form} onChange={change} />
          <Button type="submit" fullWidth loading={use.isPending || use.isSuccess}>
            {t('setup.submit')}
          </Button>
        </form>
      )}
      {link.isError && (
        <Button variant="default" fullWidth onClick={() => window.location.replace('/')}>
          {t('setup.toLogIn')}
        </Button>
      )}
    </EntryPage>
  )
}
