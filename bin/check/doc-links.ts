/** Checks that links between our own pages and files lead somewhere; prints each dead one and ends with 1 when there is one. */
import { access, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { anchorsOf, linksOf } from './markdown.ts'
import { sourceFiles } from './source-files.ts'

const pages = ['README.md', ...(await sourceFiles(['docs', 'src', 'channels', 'db', 'agent-ui', 'tests'], /\.md$/))]
let dead = 0
let links = 0

for (const page of pages) {
  const text = await readFile(page, 'utf8')
  for (const { target, line } of linksOf(text)) {
    links += 1
    const [path = '', anchor] = target.split('#')
    const file = path ? join(dirname(page), decodeURIComponent(path)) : page
    const sentence = await refuse(file, anchor)
    if (!sentence) continue
    dead += 1
    process.stdout.write(`${page}:${line}  ${target}: ${sentence}\n`)
  }
}
process.stdout.write(`${pages.length} pages, ${links} links, ${dead} dead\n`)
process.exitCode = dead > 0 ? 1 : 0

async function refuse(file: string, anchor: string | undefined): Promise<string | undefined> {
  try {
    await access(file)
  } catch {
    return 'there is no such file.'
  }
  if (!anchor || !file.endsWith('.md')) return undefined
  return anchorsOf(await readFile(file, 'utf8')).has(anchor) ? undefined : 'there is no such heading.'
}
