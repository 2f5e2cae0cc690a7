import { useChat, useChatState } from '../context.ts'

/** Somebody is writing. */
export function Typing() {
  const { language } = useChat()
  const typing = useChatState((state) => state.typing)
  if (typing === null) return null
  return (
    <div class="row theirs first last">
      <div class="bubble typing">
        <span class="visually-hidden">{language.text('typing', { name: typing.name })}</span>
        <i aria-hidden="true" />
        <i aria-hidden="true" />
        <i aria-hidden="true" />
      </div>
    </div>
  )
}
