import type { TFunction } from 'i18next'
import type { PhoneEntry } from '../../../src/wire/sandbox.ts'

/** The newest message in one line, for the list of customers. */
export function previewOf(t: TFunction, entry: PhoneEntry | null): string {
  if (entry === null) return t('customers.none')
  const text = textOf(t, entry)
  return entry.from === 'customer' ? t('customers.you', { text }) : text
}

function textOf(t: TFunction, { bubble, unsent }: PhoneEntry): string {
  if (unsent) return t('preview.unsent')
  switch (bubble.type) {
    case 'text':
      return bubble.text
    case 'file':
      return bubble.name
    case 'card':
      return bubble.panels.map((panel) => panel.title ?? panel.lines[0] ?? '').join(' ')
    default:
      return t(`preview.${bubble.type}`)
  }
}
