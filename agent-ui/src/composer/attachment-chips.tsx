import { File as FileIcon, RotateCw, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { type Attachment, attachAgain, detach } from './attachments.ts'
import css from './composer.module.css'

function AttachmentChip({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const { name, status, progress, bytes, error, localId } = attachment
  const percent = Math.round(progress * 100)
  return (
    <li className={css.attachment} data-status={status}>
      <FileIcon size={15} aria-hidden="true" />
      <span className={css.attachmentWords}>
        <bdi className="cut">{name}</bdi>
        <span className={css.attachmentState} role={status === 'failed' ? 'alert' : undefined}>
          {status === 'uploading' && t('attach.progress', { percent })}
          {status === 'ready' && format.bytes(bytes)}
          {status === 'failed' && sentence(error)}
        </span>
      </span>
      {status === 'failed' && (
        <button type="button" aria-label={t('attach.again', { name })} onClick={() => attachAgain(attachment)}>
          <RotateCw size={14} aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        aria-label={status === 'uploading' ? t('attach.cancel', { name }) : t('attach.remove', { name })}
        onClick={() => detach(localId)}
      >
        <X size={14} aria-hidden="true" />
      </button>
      {status === 'uploading' && (
        <progress className={css.progress} value={progress} max={1} aria-label={t('attach.progressOf', { name })} />
      )}
    </li>
  )
}

/** Files that will go with the message. */
export function AttachmentChips({ attachments }: { attachments: readonly Attachment[] }) {
  const { t } = useTranslation()
  if (attachments.length === 0) return null
  return (
    <ul className={css.attachments} aria-label={t('attach.list')}>
      {attachments.map((a) => (
        <AttachmentChip key={a.localId} attachment={a} />
      ))}
    </ul>
  )
}
