import { useEffect, useRef, useState } from 'preact/hooks'
import type { MediaPart } from '../../../../../../src/wire/messages.ts'
import { useChat } from '../context.ts'
import { Icon } from './icons.tsx'

/** A picture, a film, a sound, or a file to save. */
export function Media({ part }: { part: MediaPart }) {
  const { language } = useChat()
  if (part.fileId === undefined || part.state === 'gone' || part.state === 'failed') {
    return (
      <div class="bubble file">
        <Icon name="file" size={18} />
        <span>{language.text('fileGone')}</span>
      </div>
    )
  }
  if (part.kind === 'image') return <Picture fileId={part.fileId} name={part.name ?? ''} />
  if (part.kind === 'file') return <Download fileId={part.fileId} part={part} />
  return <Playable fileId={part.fileId} part={part} kind={part.kind} />
}

interface FetchedFile {
  /** The file's address in this page; null until it is fetched. */
  readonly address: string | null
  readonly failed: boolean
}

/** Fetches a file once it is wanted. */
function useFile(fileId: string, wanted: boolean): FetchedFile {
  const { client } = useChat()
  const [file, setFile] = useState<FetchedFile>({ address: null, failed: false })
  useEffect(() => {
    if (!wanted) return
    let left = false
    client.files.address(fileId).then(
      (address) => !left && setFile({ address, failed: false }),
      () => !left && setFile({ address: null, failed: true }),
    )
    return () => {
      left = true
    }
  }, [client, fileId, wanted])
  return file
}

function Picture({ fileId, name }: { fileId: string; name: string }) {
  const { language } = useChat()
  const button = useRef<HTMLButtonElement>(null)
  const near = useNear(button)
  const { address, failed } = useFile(fileId, near)
  const dialog = useRef<HTMLDialogElement>(null)
  if (failed) return <div class="bubble unsent">{language.text('imageFailed')}</div>
  return (
    <>
      <button
        type="button"
        class="picture"
        ref={button}
        aria-label={language.text('openImage', { name })}
        onClick={() => dialog.current?.showModal()}
      >
        {address !== null && <img src={address} alt="" />}
      </button>
      <dialog class="viewer" ref={dialog} aria-label={name}>
        <button type="button" class="viewer-close" aria-label={language.text('closeImage')} onClick={() => dialog.current?.close()}>
          {address !== null && <img src={address} alt={name} />}
          <Icon name="close" />
        </button>
      </dialog>
    </>
  )
}

/** A picture that only illustrates: it cannot be opened. */
export function FilePicture({ fileId, alt }: { fileId: string; alt: string }) {
  const { address } = useFile(fileId, true)
  return address === null ? null : <img class="illustration" src={address} alt={alt} />
}

function Playable({ fileId, part, kind }: { fileId: string; part: MediaPart; kind: 'video' | 'audio' }) {
  const [wanted, setWanted] = useState(false)
  const { address, failed } = useFile(fileId, wanted)
  if (address === null) return <FileButton part={part} icon="play" failed={failed} onClick={() => setWanted(true)} />
  if (kind === 'audio') return <audio class="player" controls autoplay src={address} aria-label={part.name} />
  return <video class="player" controls autoplay playsInline src={address} aria-label={part.name} />
}

function Download({ fileId, part }: { fileId: string; part: MediaPart }) {
  const { client } = useChat()
  const [failed, setFailed] = useState(false)
  const save = async () => {
    try {
      const link = document.createElement('a')
      link.href = await client.files.address(fileId)
      link.download = part.name ?? 'file'
      link.click()
    } catch {
      setFailed(true)
    }
  }
  return <FileButton part={part} icon="file" failed={failed} onClick={() => void save()} />
}

function FileButton({ part, icon, failed, onClick }: { part: MediaPart; icon: 'file' | 'play'; failed: boolean; onClick: () => void }) {
  const { language } = useChat()
  const name = part.name ?? language.text('attachment')
  return (
    <button type="button" class="bubble file" aria-label={language.text('download', { name })} disabled={failed} onClick={onClick}>
      <Icon name={icon} size={18} />
      <span class="cut">{failed ? language.text('fileGone') : name}</span>
      {part.bytes !== undefined && !failed && <small>{language.bytes(part.bytes)}</small>}
    </button>
  )
}

/** Whether an element has come near to what is seen. */
function useNear(target: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (target.current === null) return
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setNear(true), {
      rootMargin: '300px',
    })
    watch.observe(target.current)
    return () => watch.disconnect()
  }, [target])
  return near
}
