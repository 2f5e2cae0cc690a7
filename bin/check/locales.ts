/** Checks that every user-visible string exists in every language; prints each fault and ends with 1 when there is one. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareLocales, flatten, type Language, languages, type Texts } from './locale-keys.ts'

const folders = ['agent-ui/src/i18n/locales', 'agent-ui/src/sandbox/locales', 'channels/webchat/widget/src/locales']
// The server has texts of its own only where it speaks to customers itself.
if (existsSync('src/i18n')) folders.push('src/i18n')
let faults = 0
let texts = 0

for (const folder of folders) {
  const locales = new Map<Language, Texts>()
  for (const language of languages) {
    const path = join(folder, `${language}.json`)
    try {
      locales.set(language, flatten(JSON.parse(await readFile(path, 'utf8'))))
    } catch (error) {
      faults += 1
      process.stdout.write(`${path}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  for (const fault of compareLocales(locales)) {
    faults += 1
    process.stdout.write(`${folder}/${fault}\n`)
  }
  for (const locale of locales.values()) texts += locale.size
}
process.stdout.write(`${texts} texts in ${languages.length} languages, ${faults} faults\n`)
process.exitCode = faults > 0 ? 1 : 0
