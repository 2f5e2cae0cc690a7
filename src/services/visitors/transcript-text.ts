import type { MessagePart } from '../../wire/messages.ts'
import type { VisitorMessage } from '../../wire/visitor.ts'
import { type Locale, localeSchema } from '../../wire/words.ts'

const words: Readonly<Record<Locale, { readonly subject: string; readonly you: string; readonly us: string; readonly file: string }>> = {
  en: { subject: 'Your conversation with {name}', you: 'You', us: 'We', file: 'File' },
  'zh-TW': { subject: '您與「{name}」的對話紀錄', you: '您', us: '我們', file: '檔案' },
  'zh-CN': { subject: '您与“{name}”的对话记录', you: '您', us: '我们', file: '文件' },
  ja: { subject: '「{name}」との会話', you: 'お客様', us: '弊社', file: 'ファイル' },
}

/** A conversation as its visitor saw it, to be read as a mail. */
export interface Transcript {
  readonly subject: string
  readonly text: string
}

/**
 * Writes a conversation down: times in UTC, since nobody knows the reader's clock. What was taken back is left out.
 * @param inboxName what the chat is called.
 * @param language of the visitor, BCP 47; English where it is none of ours.
 */
export function writeTranscript(messages: readonly VisitorMessage[], inboxName: string, language: string): Transcript {
  const known = localeSchema.safeParse(language)
  const { subject, you, us, file } = words[known.success ? known.data : 'en']
  const lines = messages
    .filter(({ unsent }) => !unsent)
    .flatMap(({ direction, authorName, at, parts }) => {
      const said = parts.flatMap((part) => lineOf(part, file)).join('\n')
      if (said === '') return []
      const author = direction === 'in' ? you : (authorName ?? us)
      return [`${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC · ${author}\n${said}`]
    })
  return { subject: subject.replace('{name}', () => inboxName.replaceAll(/[\r\n]/g, ' ')), text: lines.join('\n\n') }
}

function lineOf(part: MessagePart, file: string): string[] {
  switch (part.type) {
    case 'text':
      return [part.text]
    case 'media':
      return [`[${file}: ${part.name ?? ''}]`]
    case 'card':
      return [part.altText]
    case 'choice':
      return Object.entries(part.params ?? {}).map(([question, answer]) => `${question}: ${answer}`)
    case 'location':
      return [part.title ?? part.address ?? `${part.latitude}, ${part.longitude}`]
    case 'sticker':
      return part.text === undefined ? [] : [part.text]
    case 'calendar':
    case 'quick_replies':
    case 'system':
    case 'unsupported':
      return []
  }
}
