import type { TFunction } from 'i18next'
import { EyeOff, NotebookPen } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { Message } from '../../../src/wire/messages.ts'
import { useQuotes } from '../composer/quotes.ts'
import { useFormat } from '../i18n/format.ts'
import { useInbox } from '../live/use-things.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ChannelIcon } from '../parts/channel-icon.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { MessageParts } from './parts/message-parts.tsx'
import css from './thread.module.css'

const MailContent = lazy(async () => ({ default: (await import('./mail/mail-content.tsx')).MailContent }))

/** Stickers and pictures stand without a bubble around them. */
function isBare(message: Message): boolean {
  return (
    message.mail === null &&
    message.parts.every((p) => p.type === 'sticker' || (p.type === 'media' && p.kind === 'image' && p.state === 'ready'))
  )
}

/** What is shown of a quoted message; nothing of one that was taken back. */
function quotedWords(t: TFunction, message: Message | undefined): string {
  if (message === undefined) return t('thread.quotedEarlier')
  if (message.unsentAt !== null) return t('thread.unsent')
  const [part] = message.parts
  return part?.type === 'text' ? part.text : t('thread.attachment')
}

function Quoted({ message }: { message: Message | undefined }) {
  const { t } = useTranslation()
  return (
    <blockquote className={css.quoted}>
      {message && <span className={css.quotedName}>{message.author.name}</span>}
      <span>{quotedWords(t, message)}</span>
    </blockquote>
  )
}

function Content({ message, quoted }: { message: Message; quoted: Message | undefined }) {
  const { t } = useTranslation()
  if (message.unsentAt !== null) {
    return (
      <p className={css.tombstone}>
        <EyeOff size={14} aria-hidden="true" />
        {t('thread.unsent')}
      </p>
    )
  }
  if (message.mail !== null) {
    return (
      <Suspense fallback={<MessageParts id={message.id} parts={message.parts} />}>
        <MailContent message={message} head={message.mail} />
      </Suspense>
    )
  }
  return (
    <>
      {message.quotedMessageId !== null && <Quoted message={quoted} />}
      <MessageParts id={message.id} parts={message.parts} />
    </>
  )
}

function Foot(props: { message: Message; conversation: Conversation; newestOut: boolean; mayRetry: boolean; mayQuote: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { message, conversation } = props
  return (
    <span className={css.foot}>
      {message.channel !== conversation.channel && <ChannelIcon channel={message.channel} size={12} />}
      <time dateTime={new Date(message.occurredAt).toISOString()}>{format.time(message.occurredAt)}</time>
      {message.editedAt !== null && <span>{t('thread.edited')}</span>}
      {props.mayQuote && message.unsentAt === null && message.direction !== 'note' && (
        <button type="button" className={css.retry} onClick={() => useQuotes.getState().quote(message)}>
          {t('thread.quote')}
        </button>
      )}
      {message.direction === 'out' && (
        <DeliveryState
          message={message}
          customerReadCount={conversation.customerReadCount}
          inWords={props.newestOut}
          mayRetry={props.mayRetry}
        />
      )}
    </span>
  )
}

/** One message of a thread. */
export function MessageBubble(props: {
  message: Message
  quoted: Message | undefined
  conversation: Conversation
  first: boolean
  last: boolean
  newestOut: boolean
  mayRetry: boolean
  mine: boolean
}) {
  const { t } = useTranslation()
  const { message, conversation, first, last } = props
  const { direction, author } = message
  const mayQuote = useInbox(conversation.inboxId)?.capabilities.quote === true && props.mayRetry
  const failed = message.delivery?.status === 'failed' || message.delivery?.status === 'unconfirmed'
  return (
    <article
      className={css.message}
      data-ordinal={message.ordinal}
      data-direction={direction}
      data-first={first || undefined}
      data-last={last || undefined}
    >
      {direction !== 'out' && (
        <span className={css.face}>
          {last && (
            <Avatar
              id={author.id ?? author.name}
              name={author.name}
              size={26}
              url={author.avatarUrl ?? (author.type === 'contact' && author.id !== null ? conversation.contact.avatarUrl : null)}
            />
          )}
        </span>
      )}
      <div className={css.column}>
        {first && (
          <p className={css.author}>
            {direction === 'note' && <NotebookPen size={12} aria-hidden="true" />}
            <bdi>{props.mine ? t('thread.you') : author.name}</bdi>
            {direction === 'note' && <span>{t('thread.noteLabel')}</span>}
          </p>
        )}
        <div
          className={css.bubble}
          data-bare={isBare(message) || undefined}
          data-failed={failed || undefined}
          data-gone={message.unsentAt !== null || undefined}
        >
          <Content message={message} quoted={props.quoted} />
        </div>
        <Foot message={message} conversation={conversation} newestOut={props.newestOut} mayRetry={props.mayRetry} mayQuote={mayQuote} />
      </div>
    </article>
  )
}
