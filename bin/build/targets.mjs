// What is built from what, and whether it is up to date. Loaded at every start, so it imports little.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string[]} sources files and folders, from the root
 * @property {string[]} except folders below them that do not count
 * @property {string} product a file that is there after a build
 */

/** @type {readonly Target[]} */
export const targets = [
  {
    name: 'server',
    sources: ['src', 'channels', 'db', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    except: ['channels/webchat/widget', 'db/migrations'],
    product: 'dist/server/main.js',
  },
  {
    name: 'agent-ui',
    sources: ['agent-ui', 'src/wire', 'tsconfig.json', 'package-lock.json'],
    except: [],
    product: 'dist/agent-ui/index.html',
  },
  {
    name: 'widget',
    sources: ['channels/webchat/widget', 'src/wire', 'tsconfig.json', 'package-lock.json'],
    except: [],
    product: 'dist/widget/widget.js',
  },
]

const ignored = new Set(['node_modules', 'dist', '.cache', 'fixtures'])

/** @param {Target} target */
function filesOf(target) {
  const except = new Set(target.except)
  const files = []
  const walk = (path) => {
    const info = statSync(join(root, path), { throwIfNoEntry: false })
    if (!info) return
    if (info.isFile()) files.push({ path, size: info.size, mtimeMs: info.mtimeMs })
    else if (!except.has(path)) {
      for (const name of readdirSync(join(root, path)).sort()) if (!ignored.has(name)) walk(`${path}/${name}`)
    }
  }
  for (const source of target.sources) walk(source)
  return files
}

/** The quick sign: names, sizes and times of change. */
function signOf(files) {
  const hash = createHash('sha1')
  for (const { path, size, mtimeMs } of files) hash.update(`${path}\0${size}\0${mtimeMs}\n`)
  return hash.digest('hex')
}

/** The sure sign: names and contents. A checkout changes times, not contents. */
function contentOf(files) {
  const hash = createHash('sha1')
  for (const { path } of files)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\n')
  return hash.digest('hex')
}

const stampOf = (target) => join(root, 'dist', '.stamps', `${target.name}.json`)

function readStamp(target) {
  try {
    return JSON.parse(readFileSync(stampOf(target), 'utf8'))
  } catch {
    return {}
  }
}

/** Whether a target must be built: its product is missing or its sources have changed since. */
export function isStale(target) {
  if (!statSync(join(root, target.product), { throwIfNoEntry: false })) return true
  const stamp = readStamp(target)
  const files = filesOf(target)
  if (stamp.sign === signOf(files)) return false
  if (stamp.content !== contentOf(files)) return true
  writeStamp(target, snapshot(target))
  return false
}

/** The state of a target's sources, to be taken before a build and stamped after it. */
export function snapshot(target) {
  const files = filesOf(target)
  return { sign: signOf(files), content: contentOf(files) }
}

/** Notes that the product was made from these sources. */
export function writeStamp(target, state) {
  try {
    mkdirSync(dirname(stampOf(target)), { recursive: true })
    writeFileSync(stampOf(target), JSON.stringify(state))
  } catch (error) {
    // Without the right to write, the next start compares contents again.
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
  }
}
