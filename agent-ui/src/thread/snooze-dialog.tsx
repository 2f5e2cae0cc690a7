import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { snoozeConversation } from '../live/acts.ts'
import { serverNow } from '../live/clock.ts'
import { localInput, snoozeTimes } from './snooze-times.ts'

/** Puts a conversation aside until a time; an answer of the customer brings it back earlier. */
export function SnoozeDialog(props: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const now = serverNow()
  const [own, setOwn] = useState('')
  const snooze = useMutation({
    mutationFn: (until: number) => snoozeConversation(props.conversation.id, until),
    onSuccess: props.onClose,
  })
  const ownAt = own === '' ? Number.NaN : new Date(own).getTime()
  return (
    <Modal opened onClose={props.onClose} title={t('snooze.title')} size="sm" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="xs">
        <p style={{ color: 'var(--oq-ink-2)' }}>{t('snooze.hint')}</p>
        {snoozeTimes(now).map(({ name, at }) => (
          <Button
            key={name}
            variant="default"
            justify="space-between"
            rightSection={format.dateTime(at, now)}
            disabled={snooze.isPending}
            onClick={() => snooze.mutate(at)}
          >
            {t(`snooze.${name}`)}
          </Button>
        ))}
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            type="datetime-local"
            label={t('snooze.own')}
            min={localInput(now)}
            value={own}
            onChange={(e) => setOwn(e.currentTarget.value)}
            style={{ flex: 1 }}
          />
          <Button disabled={!(ownAt > now)} loading={snooze.isPending} onClick={() => snooze.mutate(ownAt)}>
            {t('snooze.submit')}
          </Button>
        </Group>
        {snooze.isError && (
          <p role="alert" style={{ color: 'var(--oq-bad)' }}>
            {sentence(snooze.error)}
          </p>
        )}
      </Stack>
    </Modal>
  )
}
