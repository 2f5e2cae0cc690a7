import type { VisitorState, VisitorWaiting } from '../../../../../../src/wire/visitor.ts'
import { useChat, useChatState } from '../context.ts'
import type { Language } from '../i18n.ts'
import { Icon } from './icons.tsx'
import { Menu } from './menu.tsx'

/** Who the visitor talks with, and the way out. */
export function Header() {
  const { bridge, language } = useChat()
  const name = useChatState((state) => state.inbox?.name ?? null)
  const state = useChatState(({ thread }) => thread.state)
  const place = useChatState(({ waiting, thread }) => (waiting?.conversationId === thread.state.conversationId ? waiting.waiting : null))
  const talking = state.status === 'talking' ? state.agentName : null
  const close = language.text('close')
  return (
    <header class="header">
      <Avatar name={talking} />
      <div class="header-words">
        <h1>{name ?? ' '}</h1>
        <p role="status">{state.status === 'waiting' && place !== null ? placeText(language, place) : statusText(language, state)}</p>
      </div>
      <Menu />
      {bridge.framed && (
        <button type="button" class="quiet" aria-label={close} title={close} onClick={() => bridge.tell({ type: 'close' })}>
          <Icon name="close" />
        </button>
      )}
    </header>
  )
}

function statusText(language: Language, { status, agentName }: VisitorState): string {
  switch (status) {
    case 'none':
      return language.text('statusNone')
    case 'waiting':
      return language.text('statusWaiting')
    case 'talking':
      return agentName === null ? language.text('statusTalkingUnnamed') : language.text('statusTalking', { name: agentName })
    case 'ended':
      return language.text('statusEnded')
  }
}

/** The place in line, and how long it may take; as much of it as is known. */
function placeText(language: Language, { position, expectedMs }: VisitorWaiting): string {
  const place = position === null ? '' : position === 1 ? language.text('positionNext') : language.text('position', { position })
  const wait = expectedMs === null ? '' : language.text('wait', { minutes: Math.max(1, Math.round(expectedMs / 60_000)) })
  return [place, wait].filter((words) => words !== '').join(' ') || language.text('statusWaiting')
}

/** The first letter of a person's name, or a speech bubble while there is no person. */
export function Avatar({ name, small = false }: { name: string | null; small?: boolean }) {
  const letter = name === null ? undefined : Array.from(name.trim())[0]
  return (
    <span class={small ? 'avatar small' : 'avatar'} aria-hidden="true">
      {letter === undefined ? <Icon name="people" size={small ? 15 : 20} /> : letter.toLocaleUpperCase()}
    </span>
  )
}
