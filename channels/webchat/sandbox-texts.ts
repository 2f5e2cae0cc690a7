import type { Locale } from '../../src/wire/words.ts'

/** The words of the demo shop. */
export interface ShopTexts {
  readonly language: string
  readonly shop: string
  readonly tagline: string
  readonly heading: string
  readonly lead: string
  readonly ask: string
  readonly browse: string
  readonly season: string
  readonly perTin: string
  readonly products: readonly { readonly name: string; readonly note: string }[]
  readonly promiseHeading: string
  readonly promises: readonly { readonly title: string; readonly text: string }[]
  readonly hours: string
  readonly demo: string
}

/** Every language the demo shop speaks. */
export const shopTexts: Readonly<Record<Locale, ShopTexts>> = {
  en: {
    language: 'Language',
    shop: 'Camellia Tea',
    tagline: 'Taipei, since 1968',
    heading: 'High-mountain tea, roasted this week',
    lead: 'Small lots from Alishan, Lishan and Pinglin. Tell us how you drink it, and we will find the leaf that suits you.',
    ask: 'Ask a tea person',
    browse: 'See this season’s teas',
    season: 'This season',
    perTin: '75 g tin',
    products: [
      { name: 'Alishan Oolong', note: 'Orchid, cream, a long sweet finish' },
      { name: 'Oriental Beauty', note: 'Honey and ripe muscatel' },
      { name: 'Ruby Black No. 18', note: 'Cinnamon, a breath of mint' },
      { name: 'Baozhong', note: 'Lilac, spring water, very light' },
    ],
    promiseHeading: 'What you can count on',
    promises: [
      { title: 'Roasted to order', text: 'Your tea leaves the roastery on the day it is shipped.' },
      { title: 'Shipped worldwide', text: 'Two days in Taiwan, five almost everywhere else.' },
      { title: 'Not your taste?', text: 'Send it back within thirty days, opened or not.' },
    ],
    hours: 'Open every day, 10:00–20:00, Dihua Street',
    demo: 'A demonstration shop. The chat in the corner is real: what you write reaches the agents’ console.',
  },
  'zh-TW': {
    language: '語言',
    shop: '山茶茶行',
    tagline: '1968 年創立於臺北',
    heading: '本週焙好的高山茶',
    lead: '來自阿里山、梨山與坪林的小批次茶葉。告訴我們您平常怎麼喝，我們為您挑一款合適的茶。',
    ask: '請教茶師',
    browse: '看看本季茶品',
    season: '本季茶品',
    perTin: '75 公克／罐',
    products: [
      { name: '阿里山烏龍', note: '蘭花香、奶香，尾韻悠長' },
      { name: '東方美人', note: '蜜香與熟成麝香葡萄' },
      { name: '紅玉紅茶 18 號', note: '肉桂，一絲薄荷涼' },
      { name: '文山包種', note: '丁香、山泉，清雅輕盈' },
    ],
    promiseHeading: '我們的承諾',
    promises: [
      { title: '現點現焙', text: '出貨當天才離開焙茶室。' },
      { title: '全球配送', text: '臺灣兩天內送達，其他地區約五天。' },
      { title: '不合口味？', text: '三十天內可退，拆封也沒關係。' },
    ],
    hours: '每日 10:00–20:00，迪化街門市',
    demo: '這是示範商店。角落的對話是真的：您寫的訊息會送到客服的工作台。',
  },
  'zh-CN': {
    language: '语言',
    shop: '山茶茶行',
    tagline: '1968 年创立于台北',
    heading: '本周焙好的高山茶',
    lead: '来自阿里山、梨山与坪林的小批次茶叶。告诉我们您平时怎么喝，我们为您挑一款合适的茶。',
    ask: '请教茶师',
    browse: '看看本季茶品',
    season: '本季茶品',
    perTin: '75 克／罐',
    products: [
      { name: '阿里山乌龙', note: '兰花香、奶香，余韵悠长' },
      { name: '东方美人', note: '蜜香与熟成麝香葡萄' },
      { name: '红玉红茶 18 号', note: '肉桂，一丝薄荷凉' },
      { name: '文山包种', note: '丁香、山泉，清雅轻盈' },
    ],
    promiseHeading: '我们的承诺',
    promises: [
      { title: '现点现焙', text: '发货当天才离开焙茶室。' },
      { title: '全球配送', text: '台湾两天内送达，其他地区约五天。' },
      { title: '不合口味？', text: '三十天内可退，拆封也没关系。' },
    ],
    hours: '每日 10:00–20:00，迪化街门店',
    demo: '这是示范商店。角落的聊天是真的：您写的消息会送到客服的工作台。',
  },
  ja: {
    language: '言語',
    shop: '山茶茶行',
    tagline: '1968 年、台北にて創業',
    heading: '今週焙煎した高山茶',
    lead: '阿里山、梨山、坪林の少量生産の茶葉です。ふだんの飲み方を教えてください。お好みに合う一品をお選びします。',
    ask: '茶師に相談する',
    browse: '今季のお茶を見る',
    season: '今季のお茶',
    perTin: '75 g 缶',
    products: [
      { name: '阿里山烏龍茶', note: '蘭とミルクの香り、長い余韻' },
      { name: '東方美人', note: '蜂蜜と熟したマスカット' },
      { name: '紅玉紅茶 18 号', note: 'シナモンとほのかなミント' },
      { name: '文山包種茶', note: 'ライラック、湧き水のような軽さ' },
    ],
    promiseHeading: '私たちの約束',
    promises: [
      { title: '注文後に焙煎', text: '発送する当日に焙煎所を出ます。' },
      { title: '世界へ配送', text: '台湾は 2 日、その他の地域はおよそ 5 日。' },
      { title: 'お口に合わなければ', text: '30 日以内なら開封後でも返品できます。' },
    ],
    hours: '毎日 10:00–20:00、迪化街店',
    demo: 'デモ用のお店です。隅のチャットは本物で、書いた内容は担当者の画面に届きます。',
  },
}
