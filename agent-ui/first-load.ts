import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What one build entry makes a browser fetch before it can show anything. */
export interface FirstLoad {
  readonly files: readonly { readonly file: string; readonly gzipBytes: number }[]
  readonly gzipBytes: number
}

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

/**
 * Adds up the gzip size of an entry's page, its script, everything it imports statically, and their styles.
 * @param outDir a directory `vite build` wrote, manifest included
 * @param entry name of the page, `index.html`
 */
export function measureFirstLoad(outDir: string, entry = 'index.html'): FirstLoad {
  const manifest = JSON.parse(readFileSync(join(outDir, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  const wanted = new Set<string>([entry])
  const seen = new Set<string>()
  const visit = (key: string): void => {
    const chunk = manifest[key]
    if (chunk === undefined) throw new Error(`The manifest has no ${key}.`)
    if (seen.has(key)) return
    seen.add(key)
    wanted.add(chunk.file)
    for (const file of chunk.css ?? []) wanted.add(file)
    for (const next of chunk.imports ?? []) visit(next)
  }
  visit(entry)
  const files = [...wanted].map((file) => ({ file, gzipBytes: gzipSync(readFileSync(join(outDir, file))).length }))
  return { files, gzipBytes: files.reduce((sum, f) => sum + f.gzipBytes, 0) }
}
