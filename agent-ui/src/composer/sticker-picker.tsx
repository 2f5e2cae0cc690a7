import { ActionIcon, Popover } from '@mantine/core'
import { Sticker } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stickerUrl } from '../thread/parts/sticker-url.ts'
import css from './composer.module.css'
import { type StickerSet, stickerSets } from './sticker-sets.ts'

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
          <img src={stickerUrl(stickerId)} alt={String(at + 1)} width={52} height={52} loading="lazy" referrerPolicy="no-referrer" />
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
              <img
                src={stickerUrl(s.stickerIds[0] ?? '')}
                alt={String(at + 1)}
                width={30}
                height={30}
                loading="lazy"
                referrerPolicy="no-referrer"
              />
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
