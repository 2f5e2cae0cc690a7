import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './composer.module.css'
import { StickerPicture } from './sticker-picture.tsx'

/** Packs that every official account may send. Source: LINE Developers, "List of available stickers". */
const packs = [
  { packageId: '446', first: 1988, count: 12 },
  { packageId: '789', first: 10855, count: 12 },
  { packageId: '11537', first: 52002734, count: 12 },
] as const

/** Stickers to send. */
export function StickerSheet({ onPick }: { onPick: (packageId: string, stickerId: string) => void }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const pack = packs[at] ?? packs[0]
  return (
    <div className={css.stickers}>
      <div className={css.packs}>
        {packs.map(({ packageId, first }, index) => (
          <button
            key={packageId}
            type="button"
            aria-pressed={index === at}
            aria-label={t('composer.pack', { n: index + 1 })}
            onClick={() => setAt(index)}
          >
            <StickerPicture stickerId={String(first)} size={26} alt="" />
          </button>
        ))}
      </div>
      <div className={css.grid}>
        {Array.from({ length: pack.count }, (_, index) => String(pack.first + index)).map((stickerId) => (
          <button
            key={stickerId}
            type="button"
            aria-label={t('composer.sticker', { id: stickerId })}
            onClick={() => onPick(pack.packageId, stickerId)}
          >
            <StickerPicture stickerId={stickerId} size={56} alt="" />
          </button>
        ))}
      </div>
    </div>
  )
}
