import { describe, expect, it } from 'vitest'
import { readPage } from '../../channels/webchat/widget/src/chat/page.ts'
import { badgeText, titleWith } from '../../channels/webchat/widget/src/loader/badge.ts'
import { inkOn } from '../../channels/webchat/widget/src/shared/contrast.ts'
import { packFrame, readFromChat, readFromPage } from '../../channels/webchat/widget/src/shared/frame-protocol.ts'
import { pickLocale } from '../../channels/webchat/widget/src/shared/locale.ts'

describe('the language', () => {
  it.each([
    [['zh-TW'], 'zh-TW'],
    [['zh-HK'], 'zh-TW'],
    [['zh-Hant-SG'], 'zh-TW'],
    [['zh-Hans-TW'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['zh_CN'], 'zh-CN'],
    [['ja-JP'], 'ja'],
    [['en-AU'], 'en'],
    [['fr-CA', 'ja'], 'ja'],
    [['fr'], 'en'],
    [[null, undefined, '', 'ja'], 'ja'],
    [[], 'en'],
  ])('for %j is %s', (wanted, expected) => {
    expect(pickLocale(wanted)).toBe(expected)
  })
})

describe('the address of the chat', () => {
  const at = (address: string) => new URL(address) as unknown as Location

  it('tells the inbox, the page around it, the language and the scheme', () => {
    expect(readPage(at('https://hub.example/chat/in-1#parent=https%3A%2F%2Fshop.example%2Fx&locale=ja&scheme=dark'), true, ['en'])).toEqual(
      {
        inboxId: 'in-1',
        locale: 'ja',
        scheme: 'dark',
        parentOrigin: 'https://shop.example',
      },
    )
  })

  it('tells of no page around it when there is none, or none that can be named', () => {
    expect(readPage(at('https://hub.example/chat/in-1#parent=https%3A%2F%2Fshop.example'), false, ['zh-TW'])).toEqual({
      inboxId: 'in-1',
      locale: 'zh-TW',
      scheme: 'auto',
      parentOrigin: null,
    })
    expect(readPage(at('https://hub.example/chat/in-1#parent=nonsense&scheme=pink'), true, []).parentOrigin).toBeNull()
  })
})

describe('what page and chat tell each other', () => {
  it.each([
    { type: 'ready', color: '#3f6b4f', name: 'Shop' },
    { type: 'unread', count: 3 },
    { type: 'started' },
    { type: 'close' },
  ] as const)('%j arrives as it was sent', (message) => {
    expect(readFromChat(packFrame(message))).toEqual(message)
    expect(readFromPage(packFrame(message))).toBeNull()
  })

  it('the panel is shown or hidden', () => {
    expect(readFromPage(packFrame({ type: 'shown', open: true }))).toEqual({ type: 'shown', open: true })
  })

  it.each([
    null,
    'close',
    7,
    { type: 'close' },
    { mark: 'other', type: 'close' },
    { mark: 'onequeue', type: 'ready', color: 'url(javascript:1)', name: 'x' },
    { mark: 'onequeue', type: 'ready', color: '#fff', name: 'x' },
    { mark: 'onequeue', type: 'unread', count: -1 },
    { mark: 'onequeue', type: 'unread', count: '3' },
    { mark: 'onequeue', type: 'eval', code: 'x' },
    { mark: 'onequeue', type: 'shown', open: 1 },
  ])('%j is nothing', (data) => {
    expect([readFromChat(data), readFromPage(data)]).toEqual([null, null])
  })
})

describe('what shows unseen messages', () => {
  it('counts to nine', () => {
    expect([1, 9, 10, 250].map(badgeText)).toEqual(['1', '9', '9+', '9+'])
  })

  it('stands before the page’s own title and goes without a trace', () => {
    expect(titleWith('Shop', 2)).toBe('(2) Shop')
    expect(titleWith('(2) Shop', 12)).toBe('(9+) Shop')
    expect(titleWith('(9+) Shop', 0)).toBe('Shop')
    expect(titleWith('(new) Shop', 0)).toBe('(new) Shop')
  })
})

describe('the ink on a colour', () => {
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a: string, b: string) => {
    const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
    return (light + 0.05) / (dark + 0.05)
  }

  it('reads on every colour an inbox can have (WCAG 1.4.3)', () => {
    const levels = ['00', '33', '66', '77', '99', 'cc', 'ff']
    const colors = levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => `#${r}${g}${b}`)))
    const worst = Math.min(...colors.map((color) => contrast(color, inkOn(color))))
    expect(worst).toBeGreaterThanOrEqual(4.5)
    expect(inkOn('#3a55b4')).toBe('#ffffff')
    expect(inkOn('#ffd400')).toBe('#000000')
  })
})
