/** The languages that every user-visible string has. */
export const languages = ['en', 'zh-TW', 'zh-CN', 'ja'] as const

/** A language tag of `languages`. */
export type Language = (typeof languages)[number]

/** Texts of one language by dotted key. */
export type Texts = ReadonlyMap<string, string>

/**
 * Flattens a nested locale file.
 * @throws Error naming the key whose value is neither text nor a nested object.
 */
export function flatten(tree: unknown, prefix = ''): Texts {
  const texts = new Map<string, string>()
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) throw new Error(`"${prefix}" is no object.`)
  for (const [name, value] of Object.entries(tree)) {
    const key = prefix ? `${prefix}.${name}` : name
    if (typeof value === 'string') texts.set(key, value)
    else for (const [inner, text] of flatten(value, key)) texts.set(inner, text)
  }
  return texts
}

const pluralEnding = /_(zero|one|two|few|many|other)$/

/**
 * Compares the languages of one set of texts: the same keys everywhere, no empty text, the same
 * `{{placeholders}}`, and of each counted text the forms that the language needs (CLDR, through Intl).
 * @returns one sentence for each fault.
 */
export function compareLocales(locales: ReadonlyMap<Language, Texts>): string[] {
  const counted = new Set<string>()
  for (const texts of locales.values()) {
    for (const key of texts.keys()) if (key.endsWith('_other')) counted.add(key.replace(pluralEnding, ''))
  }
  const baseOf = (key: string): string => {
    const base = key.replace(pluralEnding, '')
    return counted.has(base) ? base : key
  }
  const all = new Set([...locales.values()].flatMap((texts) => [...texts.keys()].map(baseOf)))
  const faults: string[] = []
  for (const [language, texts] of locales) {
    const bases = new Set([...texts.keys()].map(baseOf))
    for (const key of all) if (!bases.has(key)) faults.push(`${language}: "${key}" is missing.`)
    for (const [key, text] of texts) if (text.trim() === '') faults.push(`${language}: "${key}" is empty.`)
    for (const form of missingForms(language, texts, counted)) faults.push(`${language}: "${form}" is missing.`)
  }
  return [...faults, ...differingPlaceholders(locales, all, baseOf)].toSorted()
}

function missingForms(language: Language, texts: Texts, counted: ReadonlySet<string>): string[] {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
  const used = [...counted].filter((base) => [...texts.keys()].some((key) => key.replace(pluralEnding, '') === base))
  return used.flatMap((base) => pluralCategories.map((form) => `${base}_${form}`)).filter((key) => !texts.has(key))
}

function differingPlaceholders(
  locales: ReadonlyMap<Language, Texts>,
  keys: ReadonlySet<string>,
  baseOf: (key: string) => string,
): string[] {
  const faults: string[] = []
  for (const key of keys) {
    const found = [...locales].map(([language, texts]) => {
      const own = [...texts].filter(([name]) => baseOf(name) === key).flatMap(([, text]) => placeholdersOf(text))
      return {
        language,
        names: [...new Set(own)].toSorted().join(', '),
        present: own.length > 0 || [...texts.keys()].some((name) => baseOf(name) === key),
      }
    })
    const expected = found[0]
    for (const { language, names, present } of found.slice(1)) {
      if (!expected?.present || !present || names === expected.names) continue
      faults.push(`${language}: "${key}" has the placeholders [${names}], ${expected.language} has [${expected.names}].`)
    }
  }
  return faults
}

/** Names in `{{name}}` or `{{name, format}}`; `count` is left out, as "one" may be said without it. */
function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\{\{-?\s*([\w.]+)[^}]*\}\}/g)].map(([, name = '']) => name).filter((name) => name !== 'count')
}
