import { useState } from 'react'
import css from './sticker-picture.module.css'

/** Shown where LINE's pictures cannot be reached; the same sign for the same sticker. */
const signs = ['😀', '😆', '🥰', '😎', '🤔', '😭', '😡', '🙏', '👍', '🎉', '💪', '😴'] as const

/** A sticker as LINE draws it, or a sign for it. */
export function StickerPicture({ stickerId, size, alt }: { stickerId: string; size: number; alt: string }) {
  const [missing, setMissing] = useState(false)
  const box = { width: size, height: size }
  if (missing) {
    return (
      <span className={css.sign} style={{ ...box, fontSize: size * 0.62 }} role="img" aria-label={alt}>
        {signs[Number(stickerId.slice(-6)) % signs.length]}
      </span>
    )
  }
  const source = `https://stickershop.line-scdn.net/stickershop/v1/sticker/${encodeURIComponent(stickerId)}/android/sticker.png`
  return <img className={css.picture} style={box} src={source} alt={alt} referrerPolicy="no-referrer" onError={() => setMissing(true)} />
}
