import { describe, expect, test } from 'vitest'
import { fileKind, noteMaxChars, refuseFile, refuseMessage } from '../../agent-ui/src/composer/limits.ts'
import type { Capabilities } from '../../src/wire/inboxes.ts'

const capabilities: Capabilities = {
  textMaxChars: 10,
  maxParts: 2,
  media: ['image'],
  mediaMaxBytes: { image: 1_000 },
  stickers: true,
  location: true,
  quote: false,
  typingIn: false,
  typingOut: false,
  readIn: false,
  readOut: false,
  provable: 'accepted',
  parkAfterMs: null,
}

describe('before a message is sent', () => {
  test('its length is held against the channel in UTF-16 code units', () => {
    expect(refuseMessage({ text: '1234567890', files: 0 }, 'reply', capabilities)).toBeNull()
    expect(refuseMessage({ text: '12345678🍵🍵', files: 0 }, 'reply', capabilities)).toEqual({
      code: 'too_long',
      values: { count: 2, max: 10 },
    })
  })

  test('a note has its own length', () => {
    expect(refuseMessage({ text: 'x'.repeat(noteMaxChars), files: 0 }, 'note', capabilities)).toBeNull()
    expect(refuseMessage({ text: 'x'.repeat(noteMaxChars + 1), files: 0 }, 'note', capabilities)?.code).toBe('too_long')
  })

  test('words and files count together', () => {
    expect(refuseMessage({ text: 'a', files: 1 }, 'reply', capabilities)).toBeNull()
    expect(refuseMessage({ text: '  ', files: 2 }, 'reply', capabilities)).toBeNull()
    expect(refuseMessage({ text: 'a', files: 2 }, 'reply', capabilities)?.code).toBe('too_many_parts')
  })

  test.each([
    ['image/png', 'image'],
    ['video/mp4', 'video'],
    ['audio/mpeg', 'audio'],
    ['application/pdf', 'file'],
    ['', 'file'],
  ])('%s is a %s', (mime, kind) => expect(fileKind(mime)).toBe(kind))

  test('a file is refused for what it is, before a byte leaves', () => {
    const file = (type: string, size: number) => ({ type, size, name: 'x' })
    expect(refuseFile(file('image/png', 1_000), 'reply', capabilities)).toBeNull()
    expect(refuseFile(file('image/png', 1_001), 'reply', capabilities)).toEqual({ code: 'too_large', values: { name: 'x', bytes: 1_000 } })
    expect(refuseFile(file('application/pdf', 5), 'reply', capabilities)?.code).toBe('kind')
    expect(refuseFile(file('application/pdf', 5), 'note', capabilities)).toBeNull()
    expect(refuseFile(file('image/png', 0), 'note', capabilities)?.code).toBe('empty_file')
  })
})
