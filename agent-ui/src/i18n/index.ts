import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Locale } from '../../../src/wire/words.ts'

/** The console's languages in their own names; never translated. */
export const localeNames: Readonly<Record<Locale, string>> = {
  en: 'English',
  'zh-TW': '繁體中文',
  'zh-CN': '简体中文',
  ja: '日本語',
}

const load: Readonly<Record<Locale, () => Promise<{ default: object }>>> = {
  en: () => import('./locales/en.json'),
  'zh-TW': () => import('./locales/zh-TW.json'),
  'zh-CN': () => import('./locales/zh-CN.json'),
  ja: () => import('./locales/ja.json'),
}

/** The best of our languages for a list of BCP 47 tags, in the order of wish. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const lower = tag.toLowerCase()
    if (lower.startsWith('ja')) return 'ja'
    if (/^zh-(cn|sg|hans)/.test(lower)) return 'zh-CN'
    if (lower.startsWith('zh')) return 'zh-TW'
    if (lower.startsWith('en')) return 'en'
  }
  return 'en'
}

/** Shows everything in `locale`: loads its words, sets `lang` on the page. */
export async function showLanguage(locale: Locale): Promise<void> {
  const words = await load[locale]()
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: locale,
      resources: { [locale]: { translation: words.default } },
      interpolation: { escapeValue: false },
      returnNull: false,
    })
  } else {
    i18next.addResourceBundle(locale, 'translation', words.default, true, true)
    await i18next.changeLanguage(locale)
  }
  document.documentElement.lang = locale
}
