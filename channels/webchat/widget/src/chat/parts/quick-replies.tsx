import { useChat, useChatState } from '../context.ts'
import type { ChatState } from '../state.ts'
import { ActionButton } from './buttons.tsx'

/** Answers suggested with the newest message; they go once anything was said after it. */
export function QuickReplies() {
  const { language } = useChat()
  const part = useChatState(newestSuggestions)
  if (part === null) return null
  return (
    <fieldset class="replies">
      <legend class="visually-hidden">{language.text('suggested')}</legend>
      {part.items.map((item, index) => (
        <ActionButton key={index} button={item} />
      ))}
    </fieldset>
  )
}

function newestSuggestions({ thread, pending }: ChatState) {
  const newest = thread.messages.at(-1)
  if (newest === undefined || newest.direction !== 'out' || newest.unsent || pending.length > 0) return null
  return newest.parts.find((part) => part.type === 'quick_replies') ?? null
}
