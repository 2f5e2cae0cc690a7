import { Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { sendAgain, useSends } from '../live/sends.ts'
import { useThread } from '../live/use-things.ts'
import { MessagePart } from '../thread/parts/message-part.tsx'
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
  const keepEditing = (): void => takeBack(held)
  return (
    <Modal opened onClose={keepEditing} title={t('guard.title', { count: Math.max(1, held.newer.length) })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <ul className={css.newer}>
        {newer.map((message) => (
          <li key={message.id}>
            <p className={css.head}>
              <bdi>{message.author.name}</bdi>
              <time>{format.time(message.createdAt)}</time>
            </p>
            {message.parts.map((part, at) => (
              <MessagePart key={`${message.id}:${at}`} part={part} />
            ))}
          </li>
        ))}
      </ul>
      <p className={css.label}>{t('guard.yours')}</p>
      <div className={css.yours}>
        {held.parts.map((part, at) =>
          part.type === 'text' ? <MessagePart key={`${held.clientId}:${at}`} part={part} /> : <p key={`${held.clientId}:${at}`}>{t('thread.attachment')}</p>,
        )}
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
