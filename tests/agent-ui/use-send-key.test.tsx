// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { isImePress, isSafari, isSendPress, type KeyFacts, safariGraceMs, useSendKey } from '../../agent-ui/src/composer/use-send-key.ts'

const enter: KeyFacts = {
  key: 'Enter',
  keyCode: 13,
  isComposing: false,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  sinceCompositionMs: null,
  safari: false,
}

const table: readonly { name: string; facts: Partial<KeyFacts>; enter: boolean; modEnter: boolean }[] = [
  { name: 'Enter alone', facts: {}, enter: true, modEnter: false },
  { name: 'Shift+Enter breaks the line', facts: { shiftKey: true }, enter: false, modEnter: false },
  { name: 'Ctrl+Enter', facts: { ctrlKey: true }, enter: true, modEnter: true },
  { name: 'Cmd+Enter', facts: { metaKey: true }, enter: true, modEnter: true },
  { name: 'Ctrl+Shift+Enter', facts: { ctrlKey: true, shiftKey: true }, enter: false, modEnter: false },
  { name: 'Alt+Enter belongs to offers', facts: { altKey: true }, enter: false, modEnter: false },
  { name: 'another key', facts: { key: 'a', keyCode: 65 }, enter: false, modEnter: false },
  { name: 'while composing', facts: { isComposing: true, ctrlKey: true }, enter: false, modEnter: false },
  { name: 'key code 229 without the flag', facts: { keyCode: 229, ctrlKey: true }, enter: false, modEnter: false },
  {
    name: 'Safari right after the composition',
    facts: { safari: true, sinceCompositionMs: safariGraceMs - 1, ctrlKey: true },
    enter: false,
    modEnter: false,
  },
  { name: 'Safari later', facts: { safari: true, sinceCompositionMs: safariGraceMs, ctrlKey: true }, enter: true, modEnter: true },
  { name: 'another browser right after', facts: { sinceCompositionMs: 5, ctrlKey: true }, enter: true, modEnter: true },
]

describe('a press sends', () => {
  test.each(table)('$name', ({ facts, enter: withEnter, modEnter }) => {
    expect(isSendPress({ ...enter, ...facts }, 'enter')).toBe(withEnter)
    expect(isSendPress({ ...enter, ...facts }, 'mod_enter')).toBe(modEnter)
  })

  test('an input method’s press is known by each of its signs', () => {
    const plain = { keyCode: 13, isComposing: false, sinceCompositionMs: null, safari: true }
    expect(isImePress(plain)).toBe(false)
    expect(isImePress({ ...plain, isComposing: true })).toBe(true)
    expect(isImePress({ ...plain, keyCode: 229 })).toBe(true)
    expect(isImePress({ ...plain, sinceCompositionMs: 0 })).toBe(true)
  })

  test.each([
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', true],
    ['Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Mobile/15E148 Safari/604.1', true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36', false],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0', false],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', false],
  ])('%s is WebKit of Apple: %s', (agent, safari) => expect(isSafari(agent)).toBe(safari))
})

describe('a field with useSendKey', () => {
  afterEach(cleanup)

  function Field({ onSend }: { onSend: () => void }) {
    return <textarea aria-label="text" {...useSendKey(onSend)} />
  }

  test('sends on Enter and keeps the line break out', () => {
    const sent: string[] = []
    render(<Field onSend={() => sent.push('sent')} />)
    const kept = fireEvent.keyDown(screen.getByLabelText('text'), { key: 'Enter', keyCode: 13 })
    expect(sent).toEqual(['sent'])
    expect(kept).toBe(false)
  })

  test('leaves the press that confirms characters to the input method', () => {
    const sent: string[] = []
    render(<Field onSend={() => sent.push('sent')} />)
    const field = screen.getByLabelText('text')
    fireEvent.compositionStart(field)
    const kept = fireEvent.keyDown(field, { key: 'Enter', keyCode: 229, isComposing: true })
    fireEvent.compositionEnd(field)
    expect(sent).toEqual([])
    expect(kept).toBe(true)
  })
})
