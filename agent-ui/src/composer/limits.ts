import type { Capabilities } from '../../../src/wire/inboxes.ts'
import type { Mode } from './drafts.ts'

/** Longest note, UTF-16 code units; what the hub takes at most. */
export const noteMaxChars = 20_000

/** Why something cannot be sent on this channel; `values` fill the sentence. */
export interface Refusal {
  readonly code: 'too_long' | 'too_many_parts' | 'kind' | 'too_large' | 'empty_file'
  readonly values: Readonly<Record<string, string | number>>
}

/** Longest text of one message here, UTF-16 code units; null when the channel has no limit of its own. */
export function maxCharsFor(mode: Mode, capabilities: Capabilities | undefined): number | null {
  return mode === 'note' ? noteMaxChars : (capabilities?.textMaxChars ?? noteMaxChars)
}

/** What a file is to a channel, by its type. */
export function fileKind(mime: string): 'image' | 'video' | 'audio' | 'file' {
  const kind = mime.split('/')[0]
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'file'
}

/** Why a file cannot go out on this channel, before a byte of it is sent; null when it can. */
export function refuseFile(
  file: { readonly type: string; readonly size: number; readonly name: string },
  mode: Mode,
  capabilities: Capabilities | undefined,
): Refusal | null {
  if (file.size === 0) return { code: 'empty_file', values: { name: file.name } }
  if (mode === 'note' || capabilities === undefined) return null
  const kind = fileKind(file.type)
  if (!capabilities.media.includes(kind)) return { code: 'kind', values: { name: file.name } }
  const most = capabilities.mediaMaxBytes[kind]
  return most !== undefined && file.size > most ? { code: 'too_large', values: { name: file.name, bytes: most } } : null
}

/** Why a message cannot go out as it is; null when it can. */
export function refuseMessage(
  message: { readonly text: string; readonly files: number },
  mode: Mode,
  capabilities: Capabilities | undefined,
): Refusal | null {
  const max = maxCharsFor(mode, capabilities)
  if (max !== null && message.text.length > max) return { code: 'too_long', values: { count: message.text.length - max, max } }
  const parts = message.files + (message.text.trim() === '' ? 0 : 1)
  const most = mode === 'note' ? 10 : (capabilities?.maxParts ?? 10)
  return parts > most ? { code: 'too_many_parts', values: { max: most } } : null
}
