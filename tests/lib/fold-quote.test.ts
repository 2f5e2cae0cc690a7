import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldFrom, foldQuote } from '../../src/lib/fold-quote.ts'

const cases: readonly (readonly [name: string, text: string, visible: string, quotedStart: string])[] = [
  [
    'Gmail, zh-TW',
    '好的，謝謝。\n\nMei Chen <mei@example.com> 於 2026年1月5日 週一 下午3:04寫道：\n\n> 請問何時到貨？',
    '好的，謝謝。',
    'Mei Chen',
  ],
  [
    'Gmail, zh-TW, broken over two lines',
    '收到\n\nMei Chen 陳小美 <a.very.long.name@example.com>\n於 2026年1月5日 週一 下午3:04寫道：\n> 一',
    '收到',
    'Mei Chen',
  ],
  ['Gmail, zh-CN', '明白了\n\nMei <mei@example.com> 于2026年1月5日周一 15:04写道：\n> 你好', '明白了', 'Mei <mei'],
  ['NetEase', '可以\n\n在 2026-01-05 15:04:05，"Mei" <mei@163.com> 写道：\n\n你好', '可以', '在 2026'],
  ['QQ', '可以的\n\n------------------ 原始邮件 ------------------\n发件人: "Mei"\n主题: 订单', '可以的', '------------------ 原始邮件'],
  [
    'Gmail, ja',
    '承知しました。\n\n2026年1月5日(月) 15:04 Mei Chen <mei@example.com>:\n\n> いつ届きますか',
    '承知しました。',
    '2026年1月5日',
  ],
  ['Outlook, ja', 'お世話になっております。\n\n-----元のメッセージ-----\n差出人: Mei\n件名: 注文', 'お世話になっております。', '-----元'],
  [
    'Outlook, zh-TW',
    '請幫我取消。\n\n寄件者: Shop <help@shop.test>\n寄件日期: 2026年1月5日\n收件者: Mei\n主旨: RE: 訂單\n\n您好',
    '請幫我取消。',
    '寄件者',
  ],
  ['Outlook, zh-CN', '请取消。\n\n发件人: Shop <help@shop.test>\n发送时间: 2026年1月5日\n收件人: Mei\n主题: 订单', '请取消。', '发件人'],
  [
    'Outlook, en',
    'Please cancel.\n\nFrom: Shop <help@shop.test>\nSent: Monday, 5 January 2026\nTo: Mei\nSubject: RE: Order\n\nDear',
    'Please cancel.',
    'From:',
  ],
  ['Gmail, en', 'Thanks!\n\nOn Mon, Jan 5, 2026 at 3:04 PM Shop <help@shop.test> wrote:\n\n> Where is it?', 'Thanks!', 'On Mon'],
  ['Gmail, de', 'Danke!\n\nAm Mo., 5. Jan. 2026 um 15:04 Uhr schrieb Shop <help@shop.test>:\n\n> Wo?', 'Danke!', 'Am Mo.'],
  ['Gmail, ko', '감사합니다.\n\n2026년 1월 5일 (월) 오후 3:04, Shop <help@shop.test>님이 작성:\n\n> 언제', '감사합니다.', '2026년'],
]

test.each(cases)('what was said before is folded: %s', (_name, text, visible, quotedStart) => {
  const folded = foldQuote(text)
  expect(folded.visible).toBe(visible)
  expect(folded.quoted.startsWith(quotedStart)).toBe(true)
})

test.each([
  ['RFC 3676', 'Hello\n\n-- \nMei Chen\nShop Ltd.', 'Hello', '-- \nMei Chen\nShop Ltd.'],
  ['iPhone, zh-TW', '好\n\n從我的 iPhone 傳送', '好', '從我的 iPhone 傳送'],
  ['iPhone, ja', 'はい\n\niPhoneから送信', 'はい', 'iPhoneから送信'],
  ['Outlook, en', 'Yes\n\nGet Outlook for iOS', 'Yes', 'Get Outlook for iOS'],
])('signatures are folded: %s', (_name, text, visible, signature) => {
  expect(foldQuote(text)).toEqual({ visible, signature, quoted: '' })
})

test('a signature above a quote is its own piece', () => {
  expect(foldQuote('好\n\n-- \n小美\n\nA <a@b.test> 於 2026年1月5日 寫道：\n> 早')).toEqual({
    visible: '好',
    signature: '-- \n小美',
    quoted: 'A <a@b.test> 於 2026年1月5日 寫道：\n> 早',
  })
})

test('answers between the quoted lines stay where they are', () => {
  const text = '> When will it come?\nTomorrow.\n\n> And the bill?\nInside the box.'
  expect(foldQuote(text).visible).toBe(text)
})

test('a mail that is nothing but a quote is shown', () => {
  expect(foldQuote('> only this\n> and that').visible).toBe('> only this\n> and that')
})

test('ordinary words with a colon are no quote', () => {
  const text = '我要訂三樣東西：\n蘋果\n香蕉\n主旨：不要緊'
  expect(foldQuote(text)).toEqual({ visible: text, signature: '', quoted: '' })
})

test('nothing is lost, whatever the text', () => {
  const piece = fc.constantFrom(
    '>',
    '> ',
    '\n',
    'a',
    '寫道：',
    'From: x',
    'To: y',
    'Subject: z',
    '-- ',
    'On 1',
    'wrote:',
    '<a@b.c>',
    ' ',
    '於 1',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('')
      const { visible, signature, quoted } = foldQuote(text)
      const bare = (words: string) => words.replaceAll(/\s/g, '')
      expect(bare(visible + signature + quoted)).toBe(bare(text))
      if (text.trim() !== '') expect(visible.trim()).not.toBe('')
    }),
  )
})

test('where the fold begins is told as a place in the text', () => {
  const text = '好的\n\nMei <mei@example.com> 於 2026年1月5日 寫道：\n> 早'
  expect(text.slice(0, foldFrom(text))).toBe('好的')
  expect(foldFrom('好的')).toBeUndefined()
})

test('a hostile text takes no time', () => {
  const started = performance.now()
  for (const text of ['>\n'.repeat(45_000), '於 1<a@b'.repeat(10_000), `On ${'x '.repeat(40_000)}`, 'From: \n'.repeat(14_000)])
    foldQuote(text)
  expect(performance.now() - started).toBeLessThan(3_000)
})
