import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import css from './composer.module.css'
import { useQuotes } from './quotes.ts'

/** The message that the reply will quote, above the field. */
export function QuoteChip({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation()
  const message = useQuotes((q) => q.chosen[conversationId])
  if (message === undefined) return null
  const part = message.parts[0]
  return (
    <p className={css.quoting}>
      <span className="cut">
        {t('composer.quoting', {
          name: message.author.name,
          text: part?.type === 'text' ? part.text.slice(0, 120) : t('thread.attachment'),
        })}
      </span>
      <ActionIcon size="sm" aria-label={t('composer.noQuote')} onClick={() => useQuotes.getState().drop(conversationId)}>
        <X size={14} />
      </ActionIcon>
    </p>
  )
}
