import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversations.ts'
import { subjectMaxChars } from '../../../../src/wire/mail.ts'
import { ApiError } from '../../api/api-error.ts'
import { http } from '../../api/http.ts'
import { useSentence } from '../../i18n/use-sentence.ts'
import css from './mail.module.css'

/** Why it is refused, in words where there are some of our own. */
function useRefusal(): (error: unknown) => string {
  const { t } = useTranslation()
  const sentence = useSentence()
  return (error) => {
    const own = error instanceof ApiError ? t(`continueByMail.refused.${error.code}`, { defaultValue: '' }) : ''
    return own === '' ? sentence(error) : own
  }
}

/** Goes on by mail with a customer who has left; only to an address that is proven to be theirs. */
export function ContinueDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation()
  const refusal = useRefusal()
  const navigate = useNavigate()
  const { view = 'mine' } = useParams({ strict: false })
  const [form, setForm] = useState({ subject: conversation.subject ?? '', text: '' })
  const begin = useMutation({
    mutationFn: () => {
      const subject = form.subject.trim()
      return http.post<Conversation>(`/conversations/${conversation.id}/continue-by-mail`, {
        text: form.text,
        ...(subject === '' ? {} : { subject }),
      })
    },
    onSuccess: async ({ id }) => {
      onClose()
      await navigate({ to: '/inbox/$view/$conversationId', params: { view, conversationId: id } })
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('continueByMail.title')} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="xs">
        <p className={css.hint}>{t('continueByMail.hint')}</p>
        <TextInput
          label={t('mailComposer.subject')}
          maxLength={subjectMaxChars}
          value={form.subject}
          onChange={(e) => setForm({ ...form, subject: e.currentTarget.value })}
        />
        <Textarea
          label={t('continueByMail.text')}
          autosize
          minRows={6}
          maxRows={16}
          maxLength={20_000}
          value={form.text}
          onChange={(e) => setForm({ ...form, text: e.currentTarget.value })}
        />
        {begin.isError && <p role="alert">{refusal(begin.error)}</p>}
        <Group justify="flex-end">
          <Button disabled={form.text.trim() === ''} loading={begin.isPending} onClick={() => begin.mutate()}>
            {t('composer.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
