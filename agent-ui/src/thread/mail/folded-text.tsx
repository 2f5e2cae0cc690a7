import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TextPart } from '../../../../src/wire/messages.ts'
import { TextContent } from '../parts/text-part.tsx'
import css from './mail.module.css'

/** Words of a mail; its signature and what was said before are folded until asked for. */
export function FoldedText({ part }: { part: TextPart }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { foldFrom } = part
  if (foldFrom === undefined || foldFrom <= 0 || foldFrom >= part.text.length) return <TextContent part={part} />
  const shown = { ...part, text: part.text.slice(0, foldFrom), entities: part.entities?.filter((e) => e.index + e.length <= foldFrom) }
  return (
    <>
      <TextContent
        part={
          shown.entities === undefined ? { type: 'text', text: shown.text } : { type: 'text', text: shown.text, entities: shown.entities }
        }
      />
      <button type="button" className={css.fold} aria-expanded={open} aria-label={t('mail.earlier')} onClick={() => setOpen(!open)}>
        •••
      </button>
      {open && <TextContent part={{ type: 'text', text: part.text.slice(foldFrom).replace(/^\n+/, '') }} />}
    </>
  )
}
