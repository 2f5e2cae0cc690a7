import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { assignConversation, reopenConversation } from '../live/acts.ts'
import { useAgent, useMe } from '../live/use-things.ts'
import { tellFailure } from '../parts/toast.tsx'
import css from './composer.module.css'
import type { Closed } from './use-closed.ts'

/** Says why no reply can be written here, and offers the way to it where there is one. */
export function ClosedNotice({ conversation, closed }: { conversation: Conversation; closed: Closed }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const me = useMe().agent.id
  const holder = useAgent(conversation.assigneeId)
  const onError = (error: unknown) => tellFailure(sentence(error))
  const take = useMutation({ mutationFn: () => assignConversation(conversation.id, { agentId: me }), onError })
  const reopen = useMutation({ mutationFn: () => reopenConversation(conversation.id), onError })
  const key = closed === 'take' && holder ? 'takeOver' : closed
  return (
    <div className={css.closed}>
      <Lock size={15} aria-hidden="true" />
      <p>{t(`closed.${key}`, { name: holder?.name, contact: conversation.contact.name })}</p>
      {(closed === 'take' || closed === 'snoozed') && (
        <Button variant={holder ? 'default' : 'filled'} loading={take.isPending} onClick={() => take.mutate()}>
          {holder && closed === 'take' ? t('closed.takeOverAct') : t('closed.takeAct')}
        </Button>
      )}
      {closed === 'resolved' && (
        <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate()}>
          {t('thread.reopen')}
        </Button>
      )}
    </div>
  )
}
