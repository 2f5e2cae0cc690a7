import { Button, Group, Modal, SegmentedControl, Select, Stack, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { assignConversation } from '../live/acts.ts'
import { useAgents, useQueues } from '../live/use-things.ts'
import { tellDone } from '../parts/toast.tsx'

const noteMaxChars = 2_000

function useTargets(conversation: Conversation) {
  const { t } = useTranslation()
  const agents = useAgents()
    .filter((a) => !a.disabled && a.id !== conversation.assigneeId)
    .map((a) => ({ value: a.id, label: t('transfer.agentOption', { name: a.name, state: t(`state.${a.state}`) }) }))
  const queues = useQueues()
    .filter((q) => q.enabled)
    .map((q) => ({ value: q.id, label: q.name }))
  return { agents, queues }
}

/** Gives a conversation to a colleague or a queue, with a word for whoever takes it. */
export function TransferDialog(props: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { agents, queues } = useTargets(props.conversation)
  const [kind, setKind] = useState<'queue' | 'agent'>('queue')
  const [target, setTarget] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const give = useMutation({
    mutationFn: (to: string) =>
      assignConversation(props.conversation.id, {
        ...(kind === 'agent' ? { agentId: to } : { queueId: to }),
        ...(note.trim() ? { note: note.trim() } : {}),
      }),
    onSuccess: () => {
      tellDone(t('transfer.done'))
      setNote('')
      setTarget(null)
      props.onClose()
    },
  })
  return (
    <Modal opened onClose={props.onClose} title={t('transfer.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="sm">
        <SegmentedControl
          value={kind}
          onChange={(value) => {
            setKind(value)
            setTarget(null)
          }}
          data={[
            { value: 'queue', label: t('transfer.toQueue') },
            { value: 'agent', label: t('transfer.toAgent') },
          ]}
        />
        <Select
          key={kind}
          label={kind === 'agent' ? t('transfer.agent') : t('transfer.queue')}
          placeholder={t('transfer.choose')}
          data={kind === 'agent' ? agents : queues}
          value={target}
          onChange={setTarget}
          searchable
          nothingFoundMessage={t('common.nothingFound')}
        />
        <Textarea
          label={t('transfer.note')}
          description={t('transfer.noteHint')}
          value={note}
          maxLength={noteMaxChars}
          autosize
          minRows={3}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        {give.isError && (
          <p role="alert" style={{ color: 'var(--oq-bad)' }}>
            {sentence(give.error)}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button disabled={target === null} loading={give.isPending} onClick={() => target !== null && give.mutate(target)}>
            {t('transfer.submit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
