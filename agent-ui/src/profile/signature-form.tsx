import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signatureMaxChars } from '../../../src/wire/mail.ts'
import { http } from '../api/http.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useMe } from '../live/use-things.ts'
import { tellDone } from '../parts/toast.tsx'
import css from './profile.module.css'

/** One's own lines below every mail; those of the inbox follow them. */
export function SignatureForm() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const me = useMe()
  const [signature, setSignature] = useState(me.signature)
  const save = useMutation({
    mutationFn: () => http.patch('/me', { signature }),
    onSuccess: () => tellDone(t('profile.signatureSaved')),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <section className={css.block}>
      <h2>{t('profile.signature')}</h2>
      <form className={css.form} onSubmit={submit}>
        <Textarea
          aria-label={t('profile.signature')}
          description={t('profile.signatureHint')}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={signatureMaxChars}
          value={signature}
          onChange={(e) => setSignature(e.currentTarget.value)}
        />
        {save.isError && (
          <p role="alert" className={css.error}>
            {sentence(save.error)}
          </p>
        )}
        <div>
          <Button type="submit" variant="default" loading={save.isPending}>
            {t('profile.saveSignature')}
          </Button>
        </div>
      </form>
    </section>
  )
}
