import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { flatten, languages } from '../../bin/check/locale-keys.ts'

const consoleDir = 'agent-ui/src'

function textsOf(language: string): ReadonlyMap<string, string> {
  return flatten(JSON.parse(readFileSync(join(consoleDir, 'i18n/locales', `${language}.json`), 'utf8')))
}

function sources(dir: string, found: string[] = []): string[] {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory() && entry.name !== 'sandbox') sources(path, found)
    else if (/\.tsx?$/.test(entry.name)) found.push(readFileSync(path, 'utf8'))
  }
  return found
}

const en = textsOf('en')
const withoutPlural = new Set([...en.keys()].map((key) => key.replace(/_(one|other)$/, '')))
const code = sources(consoleDir).join('\n')

describe('the words of the console', () => {
  test('every key that the code names exists', () => {
    const named = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((m) => m[1] ?? '')
    expect(named.length).toBeGreaterThan(200)
    expect(named.filter((key) => !withoutPlural.has(key) && !en.has(key))).toEqual([])
  })

  test('every key is used: by its name, or as one of a family the code builds', () => {
    const families = [...code.matchAll(/`((?:[\w]+\.)+)\$\{/g)].map((m) => m[1] ?? '')
    const quoted = new Set([...code.matchAll(/'([\w]+(?:\.[\w]+)+)'/g)].map((m) => m[1] ?? ''))
    const unused = [...withoutPlural].filter((key) => {
      if (quoted.has(key) || families.some((family) => key.startsWith(family))) return false
      return !/^(system|channel)\./.test(key)
    })
    expect(unused).toEqual([])
  })

  test.each(languages)('%s fills in the same values as English', (language) => {
    const texts = textsOf(language)
    const slots = (text: string) =>
      [...text.matchAll(/\{\{(\w+)\}\}/g)]
        .map((m) => m[1])
        .toSorted()
        .join(' ')
    const differing = [...en].filter(([key, text]) => slots(texts.get(key) ?? '') !== slots(text)).map(([key]) => key)
    // A single thing is named without its number in some sentences.
    expect(differing.filter((key) => !key.endsWith('_one'))).toEqual([])
  })
})
