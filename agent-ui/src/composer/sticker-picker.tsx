import { ActionIcon, Popover } from '@mantine/core'
import { Sticker } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './composer.module.css'
import { type StickerSet, stickerSets } from './sticker-sets.ts'
import { StickerThumb } from './sticker-thumb.tsx'

/** A sticker as it is sent. */
export interface ChosenSticker {
  readonly packageId: string
  readonly stickerId: string
}

function StickerGrid({ set, onChoose }: { set: StickerSet; onChoose: (sticker: ChosenSticker) => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.stickers}>
      {set.stickerIds.map((stickerId, at) => (
        <button
          type="button"
          key={stickerId}
          aria-label={t('sticker.choose', { number: at + 1 })}
          onClick={() => onChoose({ packageId: set.packageId, stickerId })}
        >
          <StickerThumb stickerId={stickerId} number={at + 1} size={52} />
        </button>
      ))}
    </div>
  )
}

/** Opens the sets of stickers; choosing one sends it. */
export function StickerPicker({ onChoose }: { onChoose: (sticker: ChosenSticker) => void }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const [chosen, setChosen] = useState(0)
  const set = stickerSets[chosen]
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={324} trapFocus>
      <Popover.Target>
        <ActionIcon aria-label={t('sticker.open')} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          <Sticker size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <div className={css.sets}>
          {stickerSets.map((s, at) => (
            <button
              type="button"
              key={s.packageId}
              aria-pressed={at === chosen}
              aria-label={t('sticker.set', { number: at + 1 })}
              onClick={() => setChosen(at)}
            >
              <StickerThumb stickerId={s.stickerIds[0] ?? ''} number={at + 1} size={30} />
            </button>
          ))}
        </div>
        {set && (
          <StickerGrid
            set={set}
            onChoose={(sticker) => {
              setOpened(false)
              onChoose(sticker)
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
