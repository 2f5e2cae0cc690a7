/** Conversations and messages of the history that is searched. */
export const conversations = 100_000
export const messagesEach = 10

const phrases = [
  '請問配送日是哪一天',
  '我的訂單還沒收到',
  '可以幫忙查詢一下嗎',
  '商品有瑕疵想要退貨',
  '發票可以改寄到公司嗎',
  '付款失敗請問怎麼辦',
  'お届け日を変更したいです',
  '領収書を送ってください',
  'ありがとうございました',
  '配達は午後でお願いします',
  '优惠券不能使用',
  '请问什么时候发货',
  'Where is my order',
  'Please send the invoice again',
  'Thank you for the delivery',
  'My appointment is tomorrow',
  '尺寸不合可以換貨嗎',
  '會員點數沒有入帳',
  '門市今天營業到幾點',
  '客服人員非常親切',
] as const

/** Never in one message, though each is in half of them. */
const halves = ['早安', '晚安'] as const

/** What the message with a number says: two or three usual sentences, a number of its own, and in one of 10,000 a rare word. */
export function textOf(number: number): string {
  const phrase = (step: number) => phrases[Math.floor(number / step + number * 7) % phrases.length] ?? ''
  const rare = number % 10_000 === 77 ? '，琥珀色的紫檀' : ''
  return `${halves[number % 2] ?? ''}，${phrase(1)}，${phrase(13)}，${number % 3 === 0 ? phrase(101) : ''} #${500_000 + number}${rare}`
}

/** What is searched, by what it stands for; `hits` is how many of a page of 20 must come at least. */
export const queries = [
  { name: 'cjk1.common', q: '配', hits: 20 },
  { name: 'cjk1.rare', q: '琥', hits: 20 },
  { name: 'cjk2.common', q: '配送', hits: 20 },
  { name: 'cjk2.rare', q: '紫檀', hits: 20 },
  { name: 'cjk2.absent', q: '送貨', hits: 0 },
  { name: 'cjk3.common', q: '配送日', hits: 20 },
  { name: 'cjk3.absent', q: '日是貨', hits: 0 },
  { name: 'cjk9.common', q: '請問配送日是哪一天', hits: 20 },
  { name: 'latin.common', q: 'order', hits: 20 },
  { name: 'latin.prefix', q: 'del', hits: 20 },
  { name: 'latin.one', q: '777777', hits: 0 },
  { name: 'latin.absent', q: 'zebra', hits: 0 },
  { name: 'two_words', q: '配送 訂單', hits: 20 },
  { name: 'never_together', q: '早安 晚安', hits: 0 },
] as const
