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

interface Target {
  readonly kind: 'queue' | 'agent'
  readonly id: string | null
}

function TargetFields({
  conversation,
  target,
  onChange,
}: {
  conversation: Conversation
  target: Target
  onChange: (target: Target) => void
}) {
  const { t } = useTranslation()
  const { agents, queues } = useTargets(conversation)
  const { kind } = target
  return (
    <>
      <SegmentedControl
        aria-label={t('transfer.title')}
        value={kind}
        onChange={(chosen) => onChange({ kind: chosen, id: null })}
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
        value={target.id}
        onChange={(id) => onChange({ kind, id })}
        searchable
        nothingFoundMessage={t('common.nothingFound')}
      />
    </>
  )
}

function useGiving(conversationId: string, target: Target, note: string, onDone: () => void) {
  const { t } = useTranslation()
  return useMutation({
    mutationFn: (id: string) => {
      const to = target.kind === 'agent' ? { agentId: id } : { queueId: id }
      return assignConversation(conversationId, { ...to, ...(note.trim() ? { note: note.trim() } : {}) })
    },
    onSuccess: () => {
      tellDone(t('transfer.done'))
      onDone()
    },
  })
}

/** Gives a conversation to a colleague or a queue, with a word for whoever takes it. */
export function TransferDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [target, setTarget] = useState<Target>({ kind: 'queue', id: null })
  const [note, setNote] = useState('')
  const give = useGiving(conversation.id, target, note, onClose)
  return (
    <Modal opened onClose={onClose} title={t('transfer.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="sm">
        <TargetFields conversation={conversation} target={target} onChange={setTarget} />
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
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button disabled={target.id === null} loading={give.isPending} onClick={() => target.id !== null && give.mutate(target.id)}>
            {t('transfer.submit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
