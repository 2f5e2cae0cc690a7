import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Locale } from '../../../src/wire/words.ts'

const load: Readonly<Record<Locale, () => Promise<{ default: object }>>> = {
  en: () => import('./locales/en.json'),
  'zh-TW': () => import('./locales/zh-TW.json'),
  'zh-CN': () => import('./locales/zh-CN.json'),
  ja: () => import('./locales/ja.json'),
}

/** Shows the sandbox in `locale`: loads its words, sets `lang` and the page's title. */
export async function showSandboxLanguage(locale: Locale): Promise<void> {
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
  document.title = `${i18next.t('title')} · Onequeue`
}
