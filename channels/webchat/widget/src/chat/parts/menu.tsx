import { useRef, useState } from 'preact/hooks'
import { useChat, useChatState } from '../context.ts'
import type { TextKey } from '../i18n.ts'
import { Icon } from './icons.tsx'

type Wish = 'transcript' | 'leave' | 'erase'

/** The sound, and what a person may do with their own data. */
export function Menu() {
  const { client, language } = useChat()
  const dialog = useRef<HTMLDialogElement>(null)
  const soundOn = useChatState((state) => state.soundOn)
  const transcriptTo = useChatState((state) => state.transcriptTo)
  const started = useChatState((state) => state.thread.state.conversationId !== null)
  const [asked, setAsked] = useState<Wish | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const label = language.text('menu')
  const open = () => {
    setAsked(null)
    setSaid(null)
    dialog.current?.showModal()
  }
  const fulfil = async (wish: Wish) => {
    setAsked(null)
    try {
      if (wish === 'transcript') await client.account.requestTranscript()
      else if (wish === 'leave') await client.account.logOut()
      else await client.account.erase()
      setSaid(language.text(done[wish], { email: transcriptTo ?? '' }))
    } catch {
      setSaid(language.text('actFailed'))
    }
  }
  return (
    <>
      <button type="button" class="quiet" aria-label={label} title={label} aria-haspopup="dialog" onClick={open}>
        <Icon name="more" />
      </button>
      <dialog class="menu" ref={dialog} aria-label={label}>
        <label class="item">
          <input type="checkbox" checked={soundOn} onChange={(event) => client.setSound(event.currentTarget.checked)} />
          <span>{language.text('sound')}</span>
        </label>
        {started && transcriptTo !== null && <Item text="transcript" onClick={() => void fulfil('transcript')} />}
        {started && <Item text="leave" onClick={() => setAsked('leave')} />}
        {started && <Item text="erase" onClick={() => setAsked('erase')} />}
        {asked !== null && asked !== 'transcript' && (
          <div class="sure" role="alert">
            <p>{language.text(asked === 'erase' ? 'eraseAsk' : 'leaveAsk')}</p>
            <button type="button" class="primary" onClick={() => void fulfil(asked)}>
              {language.text(asked === 'erase' ? 'eraseYes' : 'leaveYes')}
            </button>
          </div>
        )}
        <p role="status" class="said">
          {said}
        </p>
        <button type="button" class="item" onClick={() => dialog.current?.close()}>
          {language.text('closeMenu')}
        </button>
      </dialog>
    </>
  )
}

const done: Readonly<Record<Wish, TextKey>> = { transcript: 'transcriptSent', leave: 'left', erase: 'erased' }

function Item({ text, onClick }: { text: TextKey; onClick: () => void }) {
  const { language } = useChat()
  return (
    <button type="button" class="item" onClick={onClick}>
      {language.text(text)}
    </button>
  )
}
