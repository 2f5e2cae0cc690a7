import type { Locale } from '../../../../../src/wire/words.ts'

/** The nearest language we speak: the site's wish, then the browser's, in their order. */
export function pickLocale(wanted: readonly (string | null | undefined)[]): Locale {
  for (const tag of wanted) {
    const known = tag ? matchLocale(tag) : null
    if (known !== null) return known
  }
  return 'en'
}

/** Chinese goes by script first, then by where it is spoken; a bare `zh` is Simplified as CLDR has it. */
function matchLocale(tag: string): Locale | null {
  const parts = tag.toLowerCase().split(/[-_]/)
  switch (parts[0]) {
    case 'en':
      return 'en'
    case 'ja':
      return 'ja'
    case 'zh':
      if (parts.includes('hant')) return 'zh-TW'
      if (parts.includes('hans')) return 'zh-CN'
      return parts.some((part) => part === 'tw' || part === 'hk' || part === 'mo') ? 'zh-TW' : 'zh-CN'
    default:
      return null
  }
}
