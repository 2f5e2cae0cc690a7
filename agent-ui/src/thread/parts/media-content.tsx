import { Download, File as FileIcon, ImageOff, LoaderCircle } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MediaPart } from '../../../../src/wire/messages.ts'
import { apiUrl } from '../../api/http.ts'
import { useFormat } from '../../i18n/format.ts'
import { ImageViewer } from './image-viewer.tsx'
import css from './parts.module.css'

/** Address of a file's bytes. */
export function fileUrl(fileId: string): string {
  return apiUrl(`/files/${encodeURIComponent(fileId)}/content`)
}

function FileTile({ part, href }: { part: MediaPart; href: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = part.name ?? t(`part.${part.kind}`)
  return (
    <a className={css.file} href={href} download={part.name ?? ''}>
      <FileIcon size={22} strokeWidth={1.5} aria-hidden="true" />
      <span className={css.fileWords}>
        <bdi className="cut">{name}</bdi>
        {part.bytes !== undefined && <span className={css.fileSize}>{format.bytes(part.bytes)}</span>}
      </span>
      <Download size={16} role="img" aria-label={t('part.download')} />
    </a>
  )
}

function Picture({ part, src }: { part: MediaPart; src: string }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const [broken, setBroken] = useState(false)
  const alt = part.name ?? t('part.image')
  if (broken) return <FileTile part={part} href={src} />
  return (
    <>
      <button type="button" className={css.picture} onClick={() => setShown(true)} aria-label={t('part.enlarge', { name: alt })}>
        <img src={src} alt="" loading="lazy" onError={() => setBroken(true)} />
      </button>
      <ImageViewer src={src} name={alt} shown={shown} onClose={() => setShown(false)} />
    </>
  )
}

/** A picture, recording, film or file: shown once its bytes are here, and what holds them up until then. */
export function MediaContent({ part }: { part: MediaPart }) {
  const { t } = useTranslation()
  if (part.state !== 'ready' || part.fileId === undefined) {
    const Icon = part.state === 'pending' ? LoaderCircle : ImageOff
    return (
      <p className={css.absent}>
        <Icon size={16} aria-hidden="true" />
        {t(`part.state.${part.state === 'ready' ? 'failed' : part.state}`, { kind: t(`part.${part.kind}`) })}
      </p>
    )
  }
  const src = fileUrl(part.fileId)
  switch (part.kind) {
    case 'image':
      return <Picture part={part} src={src} />
    case 'video':
      return <video className={css.video} src={src} controls preload="metadata" aria-label={part.name ?? t('part.video')} />
    case 'audio':
      return <audio className={css.audio} src={src} controls preload="metadata" aria-label={part.name ?? t('part.audio')} />
    case 'file':
      return <FileTile part={part} href={src} />
  }
}
