import { CircleHelp, MapPin, SquareCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LocationPart, MessagePart as Part } from '../../../../src/wire/messages.ts'
import { CalendarInvitation } from './calendar-invitation.tsx'
import { CardContent, SuggestedAnswers } from './card-content.tsx'
import { MediaContent } from './media-content.tsx'
import css from './parts.module.css'
import { StickerPicture } from './sticker-picture.tsx'
import { TextContent } from './text-part.tsx'

function mapUrl({ latitude, longitude }: LocationPart): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`
}

function Location({ part }: { part: LocationPart }) {
  const { t } = useTranslation()
  const coordinates = `${part.latitude.toFixed(5)}, ${part.longitude.toFixed(5)}`
  return (
    <a className={css.place} href={mapUrl(part)} target="_blank" rel="noopener noreferrer">
      <MapPin size={20} strokeWidth={1.5} aria-hidden="true" />
      <span className={css.fileWords}>
        <span>{part.title ?? t('part.location')}</span>
        <span className={css.fileSize}>{part.address ?? coordinates}</span>
        <span className={css.mapLink}>{t('part.map')}</span>
      </span>
    </a>
  )
}

/** One part of a message. Kinds we do not know stand as a neutral line; their raw form is in the ledger. */
export function MessagePart({ part }: { part: Part }) {
  const { t } = useTranslation()
  switch (part.type) {
    case 'text':
      return <TextContent part={part} />
    case 'media':
      return <MediaContent part={part} />
    case 'sticker':
      return <StickerPicture part={part} />
    case 'location':
      return <Location part={part} />
    case 'choice':
      if (part.data.startsWith('form:')) return <FormAnswers answers={part.params ?? {}} />
      return (
        <p className={css.choice}>
          <SquareCheck size={15} aria-hidden="true" />
          <span>{t('part.choice', { label: part.label ?? part.data })}</span>
        </p>
      )
    case 'card':
      return <CardContent part={part} />
    case 'quick_replies':
      return <SuggestedAnswers items={part.items} />
    case 'calendar':
      return <CalendarInvitation part={part} />
    case 'unsupported':
      return (
        <p className={css.absent}>
          <CircleHelp size={15} aria-hidden="true" />
          {t('part.unsupported', { kind: part.kind })}
        </p>
      )
    case 'system':
      return null
  }
}

/** What a customer filled in before the first word: their own claims, which prove nothing. */
function FormAnswers({ answers }: { answers: Readonly<Record<string, string>> }) {
  const { t } = useTranslation()
  const own: Readonly<Record<string, string>> = { name: t('part.formName'), email: t('part.formEmail'), phone: t('part.formPhone') }
  return (
    <dl className={css.answers}>
      {Object.entries(answers).map(([question, answer]) => (
        <div key={question}>
          <dt>{own[question] ?? question}</dt>
          <dd>{answer}</dd>
        </div>
      ))}
    </dl>
  )
}
