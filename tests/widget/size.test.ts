import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const built = join(import.meta.dirname, '../../dist/widget')
const gzipped = (file: string) => gzipSync(readFileSync(join(built, file)), { level: 9 }).length
const assets = () => readdirSync(join(built, 'chat-assets'))

describe('what a visitor’s browser loads', () => {
  it('is built (npm run build)', () => {
    expect(existsSync(join(built, 'widget.js'))).toBe(true)
  })

  it('before the chat is opened: at most 15 kB', () => {
    expect(gzipped('widget.js')).toBeLessThanOrEqual(15_000)
  })

  it('when it is opened: at most 60 kB, one language included', () => {
    const files = assets()
    const languages = files.filter((file) => /^(zh-TW|zh-CN|ja)-/.test(file))
    const rest = files.filter((file) => !languages.includes(file))
    const heaviest = Math.max(0, ...languages.map((file) => gzipped(`chat-assets/${file}`)))
    expect(rest.reduce((sum, file) => sum + gzipped(`chat-assets/${file}`), 0) + heaviest).toBeLessThanOrEqual(60_000)
  })
})
