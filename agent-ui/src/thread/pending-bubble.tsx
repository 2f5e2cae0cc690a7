import { CircleAlert, Clock3, FileUp, Pause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { type Pending, sendAgain, useSends } from '../live/sends.ts'
import { StickerPicture } from './parts/sticker-picture.tsx'
import { TextContent } from './parts/text-part.tsx'
import css from './thread.module.css'

const icons = { sending: Clock3, waiting: Clock3, held: Pause, refused: CircleAlert } as const

function PendingContent({ pending }: { pending: Pending }) {
  const { t } = useTranslation()
  return pending.parts.map((part, at) => {
    const key = `${pending.clientId}:${at}`
    if (part.type === 'text') return <TextContent key={key} part={part} />
    if (part.type === 'sticker') return <StickerPicture key={key} part={part} />
    const name = part.type === 'file' ? pending.files.find((f) => f.fileId === part.fileId)?.name : undefined
    return (
      <p key={key} className={css.tombstone}>
        <FileUp size={14} aria-hidden="true" />
        {name ?? t('part.location')}
      </p>
    )
  })
}

/** A message of one's own that the hub has not stored yet; what keeps it, and what can be done. */
export function PendingBubble({ pending, onEdit }: { pending: Pending; onEdit: (pending: Pending) => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const drop = useSends((s) => s.drop)
  const { status, error } = pending
  const Icon = icons[status]
  const why = status === 'refused' && error ? sentence(new ApiError({ ...error })) : t(`pending.${status}`)
  return (
    <article className={css.message} data-direction={pending.kind === 'note' ? 'note' : 'out'} data-first data-last data-pending>
      {pending.kind === 'note' && <span className={css.face} />}
      <div className={css.column}>
        <div className={css.bubble} data-failed={status === 'refused' || undefined}>
          <PendingContent pending={pending} />
        </div>
        <span className={css.foot}>
          <span
            className={css.delivery}
            data-status={status === 'refused' ? 'failed' : 'queued'}
            role={status === 'refused' ? 'alert' : undefined}
          >
            <Icon size={13} aria-hidden="true" />
            <span>{why}</span>
            {status === 'refused' && (
              <>
                <button type="button" className={css.retry} onClick={() => sendAgain(pending.clientId, false)}>
                  {t('delivery.retry')}
                </button>
                <button type="button" className={css.retry} onClick={() => onEdit(pending)}>
                  {t('pending.edit')}
                </button>
                <button type="button" className={css.retry} onClick={() => drop(pending.clientId)}>
                  {t('pending.discard')}
                </button>
              </>
            )}
          </span>
        </span>
      </div>
    </article>
  )
}
