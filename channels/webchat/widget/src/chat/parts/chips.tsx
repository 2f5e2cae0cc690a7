import { useChat } from '../context.ts'
import { Icon } from './icons.tsx'
import type { Attachment, Attachments } from './use-attachments.ts'

/** The files of the message being written, each with how far it is. */
export function Chips({ attachments }: { attachments: Attachments }) {
  if (attachments.list.length === 0) return null
  return (
    <ul class="chips">
      {attachments.list.map((item) => (
        <Chip key={item.id} item={item} onRemove={() => attachments.remove(item.id)} />
      ))}
    </ul>
  )
}

function Chip({ item, onRemove }: { item: Attachment; onRemove: () => void }) {
  const { language } = useChat()
  const { name } = item
  const percent = Math.round(item.share * 100)
  return (
    <li class="chip">
      <Icon name="file" size={16} />
      <span class="cut">{name}</span>
      {item.file === null ? (
        <progress max={100} value={percent} aria-label={language.text('uploading', { name, percent })} />
      ) : (
        <small>{language.bytes(item.file.bytes)}</small>
      )}
      <button
        type="button"
        class="quiet tiny"
        aria-label={language.text(item.file === null ? 'cancelUpload' : 'removeFile', { name })}
        onClick={onRemove}
      >
        <Icon name="close" size={14} />
      </button>
    </li>
  )
}
