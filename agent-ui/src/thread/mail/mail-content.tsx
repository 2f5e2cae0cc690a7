import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Code2, ImageOff } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailHead as Head, SafeMail } from '../../../../src/wire/mail.ts'
import type { Message, MessagePart as Part } from '../../../../src/wire/messages.ts'
import { http } from '../../api/http.ts'
import { useMay } from '../../live/use-things.ts'
import { MessagePart } from '../parts/message-part.tsx'
import { FoldedText } from './folded-text.tsx'
import css from './mail.module.css'
import { MailFrame } from './mail-frame.tsx'
import { MailHead } from './mail-head.tsx'

const SourceDialog = lazy(async () => ({ default: (await import('./source-dialog.tsx')).SourceDialog }))

/** Pictures inside of the HTML are part of it; everything else stands below. */
function standsBelow(part: Part): boolean {
  return part.type !== 'text' && !(part.type === 'media' && part.inline === true && part.state === 'ready')
}

function useHtml(message: Message, head: Head, pictures: boolean) {
  // A picture that arrives later is shown by asking again.
  const ready = message.parts.filter((part) => part.type === 'media' && part.state === 'ready').length
  return useQuery({
    queryKey: ['mail', message.id, pictures, ready],
    queryFn: ({ signal }) => http.get<SafeMail>(`/messages/${message.id}/mail`, { pictures: pictures ? '1' : '0' }, signal),
    enabled: head.hasHtml,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
}

function Texts({ message }: { message: Message }) {
  const placed = message.parts.flatMap((part, at) => (part.type === 'text' ? [{ key: `${message.id}:${at}`, part }] : []))
  return placed.map(({ key, part }) => <FoldedText key={key} part={part} />)
}

function BlockedPictures({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <p className={css.blocked}>
      <ImageOff size={14} aria-hidden="true" />
      <span>{t('mail.blocked', { count })}</span>
      <Button size="compact-xs" variant="default" onClick={onShow}>
        {t('mail.showPictures')}
      </Button>
    </p>
  )
}

/** A mail: its head, its words as its author set them, and its attachments. The text is shown while the HTML comes. */
export function MailContent({ message, head }: { message: Message; head: Head }) {
  const { t } = useTranslation()
  const [pictures, setPictures] = useState(false)
  const [source, setSource] = useState(false)
  const mayReadSource = useMay('delivery.read')
  const { data } = useHtml(message, head, pictures)
  const html = data?.html ?? null
  const below = message.parts.flatMap((part, at) => (standsBelow(part) ? [{ key: `${message.id}:${at}`, part }] : []))
  return (
    <div className={css.mail}>
      <MailHead head={head} />
      <BlockedPictures count={data?.blockedImages ?? 0} onShow={() => setPictures(true)} />
      {html === null ? <Texts message={message} /> : <MailFrame html={html} coloured={data?.coloured ?? false} title={head.subject} />}
      {below.length > 0 && (
        <div className={css.attachments}>
          {below.map(({ key, part }) => (
            <MessagePart key={key} part={part} />
          ))}
        </div>
      )}
      {head.hasSource && mayReadSource && (
        <button type="button" className={css.source} onClick={() => setSource(true)}>
          <Code2 size={13} aria-hidden="true" />
          {t('mail.source')}
        </button>
      )}
      <Suspense>{source && <SourceDialog messageId={message.id} onClose={() => setSource(false)} />}</Suspense>
    </div>
  )
}
