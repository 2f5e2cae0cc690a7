import type { CardBody } from '../../../../../../src/wire/cards.ts'
import type { MessagePart } from '../../../../../../src/wire/messages.ts'
import type { VisitorMessage } from '../../../../../../src/wire/visitor.ts'
import { useChat, useChatState } from '../context.ts'
import type { TextKey } from '../i18n.ts'
import type { Pending } from '../model/outbox.ts'
import { linkify } from '../model/text.ts'
import { isSeenByUs, type Thread } from '../model/thread.ts'
import { Card } from './card.tsx'
import { Avatar } from './header.tsx'
import { Icon } from './icons.tsx'
import { Media } from './media.tsx'

interface BubbleProps {
  readonly message: VisitorMessage
  readonly thread: Thread
  /** First and last of the group its author wrote in one go. */
  readonly first: boolean
  readonly last: boolean
  readonly showState: boolean
}

/** A stored message. */
export function Bubble({ message, thread, first, last, showState }: BubbleProps) {
  const { language } = useChat()
  const own = message.direction === 'in'
  return (
    <div class={`row ${own ? 'own' : 'theirs'} ${first ? 'first' : ''} ${last ? 'last' : ''}`}>
      {!own && last && <Avatar name={message.authorName} small />}
      <div class="stack">
        {own ? (
          <span class="visually-hidden">{language.text('you')}</span>
        ) : (
          first && message.authorName !== null && <span class="author">{message.authorName}</span>
        )}
        {message.unsent ? (
          <div class="bubble unsent">{language.text('unsent')}</div>
        ) : (
          message.parts.map((part, index) => <Part key={index} part={part} />)
        )}
        {last && (
          <span class="meta">
            <time dateTime={new Date(message.at).toISOString()}>{language.time(message.at)}</time>
            {own && showState && <span>{language.text(isSeenByUs(thread, message) ? 'seen' : 'sent')}</span>}
          </span>
        )}
      </div>
    </div>
  )
}

/** A message that is not yet stored. */
export function PendingBubble({ pending, first, last }: { pending: Pending; first: boolean; last: boolean }) {
  const { client, language } = useChat()
  const sending = useChatState((state) => state.sending)
  const online = useChatState((state) => state.link === 'online')
  const failed = pending.failure !== null
  const underWay = sending === pending.clientId && online
  return (
    <div class={`row own pending ${first ? 'first' : ''} ${last || failed ? 'last' : ''} ${failed ? 'failed' : ''}`}>
      <div class="stack">
        <span class="visually-hidden">{language.text('you')}</span>
        {pending.extra?.map((part, index) =>
          part.type === 'choice' ? <TextBubble key={index} text={part.label} /> : <Answers key={index} answers={part.answers} />,
        )}
        {pending.text.trim() !== '' && <TextBubble text={pending.text} />}
        {pending.files.map((file) => (
          <div class="bubble file" key={file.fileId}>
            <Icon name="file" size={18} />
            <span class="cut">{file.name}</span>
          </div>
        ))}
        {failed ? (
          <span class="meta bad" role="alert">
            <Icon name="alert" size={14} />
            <span>{language.text(pending.failure ?? 'failed')}</span>
            <button type="button" class="link" onClick={() => client.retry(pending)}>
              {language.text('retry')}
            </button>
            <button type="button" class="link" onClick={() => client.discard(pending)}>
              {language.text('discard')}
            </button>
          </span>
        ) : (
          last && <span class="meta">{language.text(underWay || online ? 'sending' : 'queued')}</span>
        )}
      </div>
    </div>
  )
}

function Part({ part }: { part: MessagePart }) {
  const { language } = useChat()
  switch (part.type) {
    case 'text':
      return <TextBubble text={part.text} />
    case 'media':
      return <Media part={part} />
    case 'location':
      return (
        <a
          class="bubble file"
          target="_blank"
          rel="noopener noreferrer"
          href={`https://www.openstreetmap.org/?mlat=${part.latitude}&mlon=${part.longitude}#map=16/${part.latitude}/${part.longitude}`}
        >
          <Icon name="pin" size={18} />
          <span class="cut">{part.title ?? part.address ?? language.text('location')}</span>
        </a>
      )
    case 'sticker':
      return <div class="bubble">{part.text ?? language.text('sticker')}</div>
    case 'choice':
      return <Answers answers={part.params ?? {}} />
    case 'card':
      // The server passes on none but cards of the kinds drawn here.
      return <Card body={part.body as CardBody} altText={part.altText} />
    case 'quick_replies':
    case 'calendar':
    case 'system':
    case 'unsupported':
      return null
  }
}

/** What was filled in. */
function Answers({ answers }: { answers: Readonly<Record<string, string>> }) {
  const { language } = useChat()
  const own: Readonly<Record<string, TextKey>> = { name: 'fieldName', email: 'fieldEmail', phone: 'fieldPhone' }
  const entries = Object.entries(answers)
  if (entries.length === 0) return null
  return (
    <dl class="bubble answers">
      {entries.map(([question, answer]) => (
        <div key={question}>
          <dt>{own[question] === undefined ? question : language.text(own[question])}</dt>
          <dd>{answer}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Plain text; what looks like a web address can be opened. */
function TextBubble({ text }: { text: string }) {
  return (
    <div class="bubble">
      <p>
        {linkify(text).map((stretch, index) =>
          stretch.href === null ? (
            stretch.text
          ) : (
            <a key={index} href={stretch.href} target="_blank" rel="noopener noreferrer nofollow">
              {stretch.text}
            </a>
          ),
        )}
      </p>
    </div>
  )
}
