import { useState } from 'react'
import { stickerUrl } from '../thread/parts/sticker-url.ts'
import css from './composer.module.css'

/** A small sticker; its number where the picture cannot be reached. Decorative: the button around it has the name. */
export function StickerThumb({ stickerId, number, size }: { stickerId: string; number: number; size: number }) {
  const [broken, setBroken] = useState(false)
  if (broken) {
    return (
      <span className={css.thumb} style={{ width: size, height: size }} aria-hidden="true">
        {number}
      </span>
    )
  }
  return (
    <img
      src={stickerUrl(stickerId)}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  )
}
