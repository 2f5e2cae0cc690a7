import { ActionIcon } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './admin.module.css'

/** A value to be taken elsewhere: shown whole, copied with one press. */
export function CopyLine({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = () => {
    // Without a secure context there is no clipboard; the text can still be selected.
    void navigator.clipboard?.writeText(value).then(() => setCopied(true))
  }
  return (
    <div>
      <span style={{ fontWeight: 500 }}>{label}</span>
      <div className={css.secret}>
        <code>{value}</code>
        {navigator.clipboard && (
          <ActionIcon aria-label={copied ? t('admin.copied') : t('admin.copy', { what: label })} onClick={copy}>
            {copied ? <Check size={16} /> : <Copy size={16} />}
          </ActionIcon>
        )}
      </div>
    </div>
  )
}
