// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { showLanguage } from '../../agent-ui/src/i18n/index.ts'
import { SystemLine } from '../../agent-ui/src/thread/system-line.tsx'
import { languages } from '../../bin/check/locale-keys.ts'
import type { Locale } from '../../src/wire/words.ts'

/** Every code that a service writes into a thread. */
function codesWritten(): string[] {
  const files = readdirSync('src/services', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const text = files.map((path) => readFileSync(`src/services/${path}`, 'utf8')).join('\n')
  const lines = [...text.matchAll(/appendLine\([^)]*?\)/gs)].flatMap((m) =>
    [...m[0].matchAll(/'([a-z]+\.[a-z_]+)'/g)].map((c) => c[1] ?? ''),
  )
  return [...new Set(lines)].toSorted((a, b) => a.localeCompare(b))
}

const params = {
  agent: 'Emma Hartley',
  queue: 'VIP',
  until: Date.UTC(2026, 10, 23, 6, 30),
  disposition: '已解決',
  kind: 'pastel',
  account: 'A-1042',
  menu: 'Spring',
  address: 'lin@example.com',
  recipient: 'lin@example.com',
  reason: 'The mailbox is full.',
}
const lineCodes = [
  'join',
  'leave',
  'memberJoined',
  'memberLeft',
  'beacon',
  'accountLink',
  'videoPlayComplete',
  'membership',
  'unknown',
].map((type) => `line.${type}`)

async function said(locale: Locale, code: string, given: Record<string, string | number> = params): Promise<string> {
  await showLanguage(locale)
  render(<SystemLine part={{ type: 'system', code, params: given }} time="12:00" />)
  const words = screen.getByText('12:00').previousElementSibling?.textContent ?? ''
  cleanup()
  return words
}

describe('a line about what happened', () => {
  afterEach(cleanup)

  test('the services write lines at all', () => expect(codesWritten()).toContain('conversation.accepted'))

  describe.each(languages)('in %s', (locale) => {
    test.each([...codesWritten(), ...lineCodes])('%s has words of its own', async (code) => {
      const words = await said(locale, code)
      expect(words).not.toBe('')
      expect(words).not.toContain(code)
      expect(words).not.toContain('{{')
      expect(document.documentElement.lang).toBe(locale)
    })
  })

  test('says who and where, names verbatim', async () => {
    expect(await said('en', 'conversation.accepted')).toBe('Emma Hartley took the conversation')
    expect(await said('zh-TW', 'conversation.accepted')).toBe('Emma Hartley 接下這則對話')
    expect(await said('zh-CN', 'conversation.to_queue')).toBe('已转到 VIP')
    expect(await said('ja', 'conversation.to_agent')).toBe('Emma Hartley さんへ引き継がれました')
  })

  test('says how it ended where that is known', async () => {
    expect(await said('zh-TW', 'conversation.resolved', { disposition: '補寄' })).toBe('已結案：補寄')
    expect(await said('zh-TW', 'conversation.resolved', {})).toBe('已結案')
  })

  test('names a code it does not know instead of hiding it', async () => {
    expect(await said('en', 'orbit.docked', {})).toBe('Event: orbit.docked')
  })
})
