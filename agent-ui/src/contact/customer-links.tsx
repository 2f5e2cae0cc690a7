import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { OutgoingPart } from '../../../src/wire/messages.ts'
import { ApiError } from '../api/api-error.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { send } from '../live/sends.ts'
import { appliedSeq } from '../live/store.ts'
import { tellFailure } from '../parts/toast.tsx'
import { contactApi } from './contact-api.ts'
import css from './contact-panel.module.css'

/** The menu that the customer sees below their chat. */
function Menu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const queries = useQueryClient()
  const key = ['menus', conversation.id]
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => contactApi.menus(conversation.id, signal), retry: false })
  const set = useMutation({
    mutationFn: (menuId: string | null) => contactApi.setMenu(conversation.id, menuId),
    onSuccess: (menus) => queries.setQueryData(key, menus),
    onError: (error) => tellFailure(sentence(error)),
  })
  if (data === undefined || data.menus.length === 0) return null
  return (
    <NativeSelect
      label={t('panel.menu')}
      value={data.current ?? ''}
      disabled={set.isPending}
      data={[{ value: '', label: t('panel.menuDefault') }, ...data.menus.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(e) => set.mutate(e.currentTarget.value === '' ? null : e.currentTarget.value)}
    />
  )
}

/** Asks the customer to prove who they are by the company's own log-in. */
function AskToLink({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const ask = useMutation({
    mutationFn: () => contactApi.accountLink(conversation.id),
    onSuccess: ({ url }) => {
      const text = t('panel.linkText')
      const part: OutgoingPart = {
        type: 'card',
        altText: text,
        body: { kind: 'buttons', text, buttons: [{ type: 'open', label: t('panel.linkButton'), url }] },
      }
      send({ conversationId: conversation.id, kind: 'reply', parts: [part], files: [], seenSeq: appliedSeq() })
    },
    onError: (error) => {
      tellFailure(error instanceof ApiError && error.code === 'no_account_link' ? t('panel.noLink') : sentence(error))
    },
  })
  return (
    <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
      {t('panel.askToLink')}
    </Button>
  )
}

/** What ties the customer's chat to the company. */
export function CustomerLinks({ conversation }: { conversation: Conversation }) {
  return (
    <section className={css.section}>
      <Menu conversation={conversation} />
      <AskToLink conversation={conversation} />
    </section>
  )
}
