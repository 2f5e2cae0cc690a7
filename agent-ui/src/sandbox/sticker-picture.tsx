import { useState } from 'react'
import css from './sticker-picture.module.css'

/** A sticker as LINE draws it; a face of our own where LINE's pictures cannot be reached. Decorative when `alt` is empty. */
export function StickerPicture({ stickerId, size, alt }: { stickerId: string; size: number; alt: string }) {
  const [missing, setMissing] = useState(false)
  if (missing) return <Face number={Number(stickerId.slice(-6))} size={size} alt={alt} />
  const source = `https://stickershop.line-scdn.net/stickershop/v1/sticker/${encodeURIComponent(stickerId)}/android/sticker.png`
  const box = { width: size, height: size }
  return <img className={css.picture} style={box} src={source} alt={alt} referrerPolicy="no-referrer" onError={() => setMissing(true)} />
}

const fills = ['#ffd35c', '#ffb3a7', '#a8dcff', '#b9e6a1', '#d9c2ff'] as const

const eyes = [
  <path key="open" d="M34 42v6M66 42v6" />,
  <path key="happy" d="M28 47q6-9 12 0M60 47q6-9 12 0" />,
  <path key="wink" d="M34 42v6M60 46h12" />,
  <path key="shut" d="M28 44q6 8 12 0M60 44q6 8 12 0" />,
] as const

const mouths = [
  <path key="smile" d="M36 60q14 14 28 0" />,
  <path key="laugh" d="M35 58h30q-2 19-15 19T35 58z" fill="#7a2e2e" />,
  <path key="flat" d="M40 65h20" />,
  <path key="sad" d="M38 70q12-12 24 0" />,
  <circle key="oh" cx="50" cy="67" r="6" fill="#7a2e2e" />,
] as const

/** The same face for the same sticker. */
function Face({ number, size, alt }: { number: number; size: number; alt: string }) {
  const named = alt === '' ? {} : { role: 'img', 'aria-label': alt }
  return (
    <span className={css.face} {...named}>
      <svg width={size} height={size} viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="52" r="40" fill={fills[number % fills.length]} stroke="#ffffff" strokeWidth="5" />
        <g fill="none" stroke="#3d2c1e" strokeWidth="4.5" strokeLinecap="round" strokeLinejoin="round">
          {eyes[(number >> 1) % eyes.length]}
          {mouths[(number * 3 + 1) % mouths.length]}
        </g>
        <ellipse cx="25" cy="58" rx="6" ry="4" fill="#ff8f8f" opacity="0.55" />
        <ellipse cx="75" cy="58" rx="6" ry="4" fill="#ff8f8f" opacity="0.55" />
      </svg>
    </span>
  )
}
