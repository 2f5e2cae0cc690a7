import { Sticker } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StickerPart } from '../../../../src/wire/messages.ts'
import css from './parts.module.css'
import { stickerUrl } from './sticker-url.ts'

/** A sticker, with its words for those who cannot see it or cannot reach the picture. */
export function StickerPicture({ part, size = 112 }: { part: Pick<StickerPart, 'stickerId' | 'text' | 'keywords'>; size?: number }) {
  const { t } = useTranslation()
  const [broken, setBroken] = useState(false)
  const words = part.text ?? part.keywords?.slice(0, 3).join(', ')
  const alt = words ? t('part.stickerOf', { words }) : t('part.sticker')
  if (broken) {
    return (
      <span className={css.stickerWords}>
        <Sticker size={18} aria-hidden="true" />
        {alt}
      </span>
    )
  }
  return (
    <img
      className={css.sticker}
      src={stickerUrl(part.stickerId)}
      alt={alt}
      width={size}
      height={size}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  )
}
