import type { Locale } from '../../../../../src/wire/words.ts'
import { launcher as en } from '../locales/en.json'
import { launcher as ja } from '../locales/ja.json'
import { launcher as zhCN } from '../locales/zh-CN.json'
import { launcher as zhTW } from '../locales/zh-TW.json'

/** The loader's few words. */
export interface Labels {
  readonly close: string
  readonly panel: string
  openWith(unread: number): string
}

const texts = { en, ja, 'zh-CN': zhCN, 'zh-TW': zhTW }

/** The words in one language. */
export function labelsIn(locale: Locale): Labels {
  const text = texts[locale]
  return {
    close: text.close,
    panel: text.panel,
    openWith: (unread) => {
      if (unread === 0) return text.open
      return unread === 1 ? text.unreadOne : text.unread.replace('{count}', String(unread))
    },
  }
}
