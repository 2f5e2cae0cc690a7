import { Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { sendAgain, useSends } from '../live/sends.ts'
import { useThread } from '../live/use-things.ts'
import { MessageParts } from '../thread/parts/message-parts.tsx'
import { TextContent } from '../thread/parts/text-part.tsx'
import css from './reply-guard.module.css'
import { takeBack } from './take-back.ts'

/** Holds a reply that crosses newer messages: shows them, and lets its author decide. */
export function ReplyGuard() {
  const { t } = useTranslation()
  const format = useFormat()
  const held = useSends((s) => s.list.find((p) => p.status === 'held'))
  const thread = useThread(held?.conversationId ?? '')
  if (held === undefined) return null
  const newer = thread?.messages.filter((m) => held.newer.includes(m.id)) ?? []
  const words = held.parts.flatMap((p) => (p.type === 'text' ? [p.text] : [])).join('\n')
  const others = held.parts.filter((p) => p.type !== 'text').length
  const keepEditing = (): void => takeBack(held)
  return (
    <Modal
      opened
      onClose={keepEditing}
      title={t('guard.title', { count: Math.max(1, held.newer.length) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <ul className={css.newer}>
        {newer.map((message) => (
          <li key={message.id}>
            <p className={css.head}>
              <bdi>{message.author.name}</bdi>
              <time>{format.time(message.createdAt)}</time>
            </p>
            <MessageParts id={message.id} parts={message.parts} />
          </li>
        ))}
      </ul>
      <p className={css.label}>{t('guard.yours')}</p>
      <div className={css.yours}>
        {words !== '' && <TextContent part={{ type: 'text', text: words }} />}
        {others > 0 && <p>{t('guard.others', { count: others })}</p>}
      </div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={() => sendAgain(held.clientId, true)}>
          {t('guard.send')}
        </Button>
        <Button data-autofocus onClick={keepEditing}>
          {t('guard.keep')}
        </Button>
      </Group>
    </Modal>
  )
}
