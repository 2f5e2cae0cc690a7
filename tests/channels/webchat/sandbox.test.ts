import { describe, expect, it } from 'vitest'
import { shopPage } from '../../../channels/webchat/sandbox.ts'
import { localeSchema } from '../../../src/wire/words.ts'
import { makeCentre } from '../../support/centre.ts'
import { useHub } from '../../support/hub.ts'

describe('the demo shop', () => {
  it.each(localeSchema.options)('stands in %s, with the chat as any site would embed it', (locale) => {
    const page = shopPage({ inboxId: 'inbox-1', locale })
    expect(page).toContain(`<html lang="${locale}">`)
    expect(page).toContain(`<script async src="/widget.js" data-inbox="inbox-1" data-locale="${locale}"`)
    expect(page.match(/aria-current/g)).toHaveLength(1 + (page.match(/\[aria-current\]/g)?.length ?? 0))
    expect(page).not.toContain('undefined')
  })

  it('has a text of its own in each language', () => {
    const headings = localeSchema.options.map((locale) => /<h1>(.*?)<\/h1>/.exec(shopPage({ inboxId: null, locale }))?.[1])
    expect(new Set(headings).size).toBe(localeSchema.options.length)
  })

  it('stands without a chat when there is none, and takes an id for an id', () => {
    expect(shopPage({ inboxId: null, locale: 'en' })).not.toContain('<script')
    expect(shopPage({ inboxId: '"><script>alert(1)</script>', locale: 'en' })).not.toContain('<script>alert')
  })
})

describe('the demo shop of a hub', () => {
  const hub = useHub({ env: { DEMO: '1', NODE_ENV: 'production' } })

  it('shows the oldest open chat, in the language asked for or the browser’s', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const shop = async (query: string, languages: string) =>
      (await fetch(`${hub().url}/sandbox/shop${query}`, { headers: { 'accept-language': languages } })).text()
    expect(await shop('', 'zh-HK,en;q=0.5')).toMatch(/<html lang="zh-TW">/)
    expect(await shop('', 'fr')).toMatch(/<html lang="en">/)
    const page = await shop('?lang=ja', 'en')
    expect(page).toMatch(/<html lang="ja">/)
    expect(page).toContain(`data-inbox="${webchatInboxId}"`)
    expect(await shop('?lang=%22%3E', 'zh-CN')).toMatch(/<html lang="zh-CN">/)
  })
})
