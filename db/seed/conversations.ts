import type { DemoConversation, DemoLine } from './people.ts'

const c = (afterMinutes: number, text: string): DemoLine => ({ by: 'customer', text, afterMinutes })
const a = (afterMinutes: number, text: string): DemoLine => ({ by: 'agent', text, afterMinutes })
const n = (afterMinutes: number, text: string): DemoLine => ({ by: 'note', text, afterMinutes })

const line = { channel: 'line', inbox: '山茶茶行 LINE' } as const
const vip = { channel: 'line', inbox: '山茶 VIP LINE' } as const
const chat = { channel: 'webchat', inbox: 'camellia.test 網站' } as const

/** Twenty conversations: resolved, at work, snoozed, waiting, and one whose first answer is overdue. */
export const demoConversations: readonly DemoConversation[] = [
  {
    ...line,
    customer: '許家豪',
    minutesAgo: 2880,
    agent: 'mei@camellia.test',
    lines: [
      c(0, '請問東方美人茶現在有貨嗎？'),
      a(2, '許先生您好，有的，今年的夏茶上週剛到，150 克裝與 75 克裝都有。'),
      c(3, '太好了，我下午去門市買'),
      a(1, '歡迎您來，門市營業到晚上八點。'),
    ],
    disposition: '已解決',
  },
  {
    ...line,
    customer: '吳佩珊',
    minutesAgo: 2700,
    agent: 'wei@camellia.test',
    queue: '訂單與物流',
    lines: [c(0, '訂單 A10293 什麼時候會出貨？'), a(4, '您好，今天下午已交給黑貓宅急便，明天中午前會送到。'), c(2, '謝謝！')],
    disposition: '已出貨',
  },
  {
    ...chat,
    customer: 'visitor-01',
    minutesAgo: 2400,
    agent: 'emma@camellia.test',
    lines: [
      c(0, 'Hi! Do you ship to Singapore?'),
      a(3, 'Hello! Yes, we ship to Singapore by air, usually within five working days.'),
      c(1, 'And the customs fee?'),
      a(2, 'Orders below SGD 400 are free of duty; GST is included in our price.'),
    ],
    disposition: '已解決',
  },
  {
    ...line,
    customer: '田中 由紀',
    minutesAgo: 2100,
    agent: 'misaki@camellia.test',
    lines: [
      c(0, '凍頂烏龍茶の淹れ方を教えていただけますか？'),
      a(5, '田中様、ありがとうございます。茶葉5gに95℃のお湯150ml、最初は50秒がおすすめです。'),
      c(2, 'やってみます、ありがとうございました。'),
    ],
    disposition: '已解決',
  },
  {
    ...vip,
    customer: '王董事長',
    minutesAgo: 1900,
    agent: 'mei@camellia.test',
    lines: [c(0, '想預約週六下午品茶，四位'), a(1, '王董您好，週六下午兩點為您保留二樓茶室，四位。'), c(4, '好，麻煩準備去年冬天的高山茶')],
    disposition: '預約品茶',
  },
  {
    ...line,
    customer: '蔡欣怡',
    minutesAgo: 1500,
    agent: 'jun@camellia.test',
    queue: '訂單與物流',
    lines: [
      c(0, '收到的茶罐凹了一個角'),
      a(6, '非常抱歉，能請您拍一張照片給我們嗎？我馬上為您補寄。'),
      c(10, '照片傳到信箱了'),
      n(1, '照片已確認，外盒受壓，補寄一罐。'),
      a(2, '已安排今天補寄，原本那罐請您留著喝，不必寄回。'),
    ],
    disposition: '補寄',
  },
  {
    ...chat,
    customer: 'visitor-02',
    minutesAgo: 1400,
    agent: 'ting@camellia.test',
    lines: [c(0, '你们有简体字的说明书吗？'), a(4, '有的，我现在把 PDF 链接发给您。'), c(1, '收到，谢谢')],
    disposition: '已解決',
  },
  {
    ...line,
    customer: '郭俊宏',
    minutesAgo: 1300,
    agent: 'wei@camellia.test',
    queue: '訂單與物流',
    lines: [
      c(0, '我要退貨，買錯了'),
      a(8, '沒問題，未拆封七天內都可以退，我幫您安排宅配到府收件。'),
      c(3, '明天早上可以嗎'),
      a(1, '可以，明天上午九點到十二點之間。'),
    ],
    disposition: '退款',
  },
  {
    ...chat,
    customer: 'visitor-03',
    minutesAgo: 700,
    agent: 'emma@camellia.test',
    lines: [c(0, 'Is the oolong sampler vegan?'), a(2, 'It is: the sampler is nothing but tea leaves.')],
    disposition: '已解決',
  },
  {
    ...line,
    customer: '賴淑惠',
    minutesAgo: 400,
    agent: 'mei@camellia.test',
    lines: [c(0, '母親節禮盒可以附卡片嗎？'), a(3, '可以的，卡片最多 60 個字，結帳時填在備註就好。'), c(2, '我想寫「媽媽辛苦了」')],
    snoozeMinutes: 180,
  },
  {
    ...line,
    customer: '洪子軒',
    minutesAgo: 95,
    agent: 'mei@camellia.test',
    lines: [
      c(0, '請問門市有試喝嗎？'),
      a(4, '有的，每天下午兩點到五點，歡迎直接過來。'),
      c(6, '帶小孩方便嗎？'),
      a(2, '方便的，二樓有兒童座椅，也備有無咖啡因的茶。'),
    ],
  },
  {
    ...line,
    customer: '簡郁婷',
    minutesAgo: 60,
    agent: 'wei@camellia.test',
    queue: '訂單與物流',
    lines: [
      c(0, '訂單 A10417 地址想改到公司'),
      a(5, '好的，請給我新的地址與收件人電話。'),
      c(9, '台北市信義區松高路 1 號 8 樓，簡小姐'),
      a(3, '已經改好，明天上午送到公司。'),
    ],
  },
  {
    ...chat,
    customer: 'visitor-04',
    minutesAgo: 42,
    agent: 'emma@camellia.test',
    lines: [
      c(0, 'My discount code CAMELLIA10 is refused at checkout.'),
      a(3, 'Let me look. Which products are in your cart?'),
      c(2, 'Two tins of Alishan and a gaiwan.'),
    ],
  },
  {
    ...line,
    customer: '鈴木 健一',
    minutesAgo: 55,
    agent: 'misaki@camellia.test',
    lines: [c(0, '日本への送料はいくらですか？'), a(4, '3kgまで一律1,200円です。2万円以上のご注文は無料になります。')],
  },
  {
    ...vip,
    customer: '劉總經理',
    minutesAgo: 26,
    agent: 'mei@camellia.test',
    lines: [
      c(0, '公司年節禮盒需要兩百份，可以印 logo 嗎？'),
      a(2, '劉總您好，可以的，兩百份約需十個工作天，我請同事整理報價給您。'),
      n(1, '報價請 Emma 協助英文版，對方有海外據點。'),
      c(8, '好，請同時報英文版'),
      a(4, '沒問題，中英文報價今天下班前寄給您。'),
    ],
  },
  { ...line, customer: '邱冠宇', minutesAgo: 44, lines: [c(0, '我的訂單 A10402 顯示已送達，但是我沒有收到'), c(12, '有人在嗎？')] },
  { ...line, customer: '游雅雯', minutesAgo: 11, lines: [c(0, '請問無咖啡因的茶有哪些？')] },
  {
    ...chat,
    customer: 'visitor-05',
    minutesAgo: 7,
    lines: [c(0, 'Do you have a store near Taipei Main Station?'), c(1, 'I arrive this evening.')],
  },
  { ...line, customer: '高詩涵', minutesAgo: 5, queue: '訂單與物流', lines: [c(0, '宅配可以指定晚上七點以後嗎？')] },
  { ...chat, customer: 'visitor-06', minutesAgo: 2, lines: [c(0, '請問茶具組有現貨嗎？想今天下單')] },
]
