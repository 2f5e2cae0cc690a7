import { useState } from 'preact/hooks'
import type { Button, QuickReply } from '../../../../../../src/wire/cards.ts'
import { useChat } from '../context.ts'

/** A button of a card, or a suggested answer. What only a phone can do is left out. */
export function ActionButton({ button }: { button: Button | QuickReply }) {
  const { client } = useChat()
  switch (button.type) {
    case 'say':
      return (
        <button type="button" class="act" onClick={() => client.send(button.text, [])}>
          {button.label}
        </button>
      )
    case 'reply':
      return (
        <button type="button" class="act" onClick={() => client.send('', [], [{ type: 'choice', label: button.label, data: button.data }])}>
          {button.label}
        </button>
      )
    case 'open':
      return (
        <a class="act" href={button.url} target="_blank" rel="noopener noreferrer nofollow">
          {button.label}
        </a>
      )
    case 'pick':
      return <Picker button={button} />
    case 'location':
    case 'camera':
    case 'camera_roll':
      return null
  }
}

const inputTypes = { date: 'date', time: 'time', datetime: 'datetime-local' } as const

/** Lets the visitor choose a day, a time or both, with the browser's own picker. */
function Picker({ button }: { button: Extract<Button, { type: 'pick' }> }) {
  const { client, language } = useChat()
  const [open, setOpen] = useState(false)
  const [value, setValue] = useState(button.initial?.toUpperCase() ?? '')
  if (!open) {
    return (
      <button type="button" class="act" onClick={() => setOpen(true)}>
        {button.label}
      </button>
    )
  }
  const choose = () => {
    if (value === '') return
    setOpen(false)
    client.send(
      '',
      [],
      [{ type: 'choice', label: `${button.label}: ${value.replace('T', ' ')}`, data: button.data, params: { [button.mode]: value } }],
    )
  }
  return (
    <span class="picker">
      <input
        type={inputTypes[button.mode]}
        aria-label={button.label}
        value={value}
        min={button.min?.toUpperCase()}
        max={button.max?.toUpperCase()}
        onInput={(event) => setValue(event.currentTarget.value)}
      />
      <button type="button" class="act" onClick={choose} disabled={value === ''}>
        {language.text('choose')}
      </button>
    </span>
  )
}
