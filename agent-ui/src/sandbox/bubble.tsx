import { FileText, ImageOff, MapPin, Mic, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneBubble } from '../../../src/wire/sandbox.ts'
import css from './bubble.module.css'
import { Card, type OnButton } from './card.tsx'
import { StickerPicture } from './sticker-picture.tsx'

/** One message on the phone. */
export function Bubble({ bubble, own, onAct }: { bubble: PhoneBubble; own: boolean; onAct: OnButton }) {
  const { t } = useTranslation()
  const side = own ? css.own : css.other
  switch (bubble.type) {
    case 'text':
      return <p className={`${css.text} ${side}`}>{withPictures(bubble)}</p>
    case 'sticker':
      return <StickerPicture stickerId={bubble.stickerId} size={132} alt={t('bubble.sticker')} />
    case 'image':
      return bubble.url === null ? (
        <span className={`${css.gone} ${side}`}>
          <ImageOff size={18} aria-hidden="true" />
          {t('bubble.imageGone')}
        </span>
      ) : (
        <a href={bubble.url} target="_blank" rel="noreferrer" className={css.picture}>
          <img src={bubble.url} alt={t('bubble.image')} />
        </a>
      )
    case 'video':
    case 'audio':
      return (
        <Medium
          url={bubble.url}
          icon={bubble.type === 'video' ? <Play size={18} aria-hidden="true" /> : <Mic size={18} aria-hidden="true" />}
          text={t(`bubble.${bubble.type}`)}
          side={side}
        />
      )
    case 'file':
      return <Medium url={null} icon={<FileText size={18} aria-hidden="true" />} text={bubble.name} side={side} />
    case 'location':
      return <Location {...bubble} />
    case 'card':
      return <Card panels={bubble.panels} onAct={onAct} />
    case 'unknown':
      return <p className={`${css.text} ${side}`}>{t('bubble.unknown', { kind: bubble.kind })}</p>
  }
}

/** A text with its pictures; where they cannot be had, the words that stand for them. */
function withPictures({ text, emojis = [] }: Extract<PhoneBubble, { type: 'text' }>): ReactNode[] {
  let at = 0
  const pieces: ReactNode[] = []
  for (const { index, length, url } of emojis) {
    pieces.push(...withLinks(text.slice(at, index)))
    pieces.push(<img key={`emoji${index}`} className={css.emoji} src={url} alt={text.slice(index, index + length)} />)
    at = index + length
  }
  return [...pieces, ...withLinks(text.slice(at), at)]
}

/** Addresses in a text open in a window of their own; only http and https become links. */
function withLinks(text: string, from = 0): ReactNode[] {
  return text.split(/(https?:\/\/[^\s<>"']+)/).map((piece, at) =>
    at % 2 === 1 && URL.canParse(piece) ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places.
      <a key={`${from}:${at}`} href={piece} target="_blank" rel="noreferrer">
        {piece}
      </a>
    ) : (
      piece
    ),
  )
}

function Medium({ url, icon, text, side }: { url: string | null; icon: ReactNode; text: string; side: string | undefined }) {
  const inside = (
    <>
      <span className={css.disc}>{icon}</span>
      <span className="cut">{text}</span>
    </>
  )
  const look = `${css.medium} ${side}`
  if (url === null) return <span className={look}>{inside}</span>
  return (
    <a className={look} href={url} target="_blank" rel="noreferrer">
      {inside}
    </a>
  )
}

function Location({ title, address, latitude, longitude }: Extract<PhoneBubble, { type: 'location' }>) {
  const { t } = useTranslation()
  const place = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  return (
    <a
      className={css.card}
      href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
      target="_blank"
      rel="noreferrer"
    >
      <span className={css.map} aria-hidden="true">
        <MapPin size={30} fill="currentColor" strokeWidth={1.5} />
      </span>
      <span className={css.lines}>
        <strong>{title ?? t('bubble.location')}</strong>
        <span>{address ?? place}</span>
      </span>
    </a>
  )
}
