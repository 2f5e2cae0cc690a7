// Builds targets; one process at a time, because several hubs may be started at once.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { isStale, root, snapshot, targets, writeStamp } from './targets.mjs'

/** A build lasts seconds; a lock of this age belongs to nobody, milliseconds. */
const lockTimeoutMs = 180_000

/**
 * Brings targets up to date.
 * @param {readonly string[]} names of targets
 * @param {{ force?: boolean, say?: (line: string) => void }} options
 * @returns {Promise<string[]>} the names of what was built
 */
export async function build(names, { force = false, say = () => {} } = {}) {
  const chosen = targets.filter(({ name }) => names.includes(name))
  const release = await takeLock()
  try {
    const stale = chosen.filter((target) => force || isStale(target))
    const outcomes = await Promise.allSettled(stale.map((target) => buildOne(target, say)))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    return stale.map(({ name }) => name)
  } finally {
    release()
  }
}

async function buildOne(target, say) {
  const startedMs = performance.now()
  const state = snapshot(target)
  if (target.name === 'server') await buildServer()
  else await buildPage(target.name)
  if (!existsSync(join(root, target.product))) throw new Error(`The build of ${target.name} made no ${target.product}.`)
  writeStamp(target, state)
  say(`built ${target.name} in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`)
}

/**
 * Compiles without checking types, which is what `npm run check` does and takes seven times as long.
 * Compiles beside the old product and swaps, so that a failed build leaves the old one. The folder
 * lies as deep as `dist`, so that the source maps point to the sources after the swap.
 */
async function buildServer() {
  const next = join(root, 'dist-next')
  rmSync(next, { recursive: true, force: true })
  try {
    const info = join(next, '.tsbuildinfo')
    const tsc = startFile(join(root, 'package.json'), 'typescript', 'tsc')
    await run([tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', next, '--tsBuildInfoFile', info], root)
    await bundle(next)
    mkdirSync(join(root, 'dist'), { recursive: true })
    for (const part of ['src', 'channels', 'db', 'server']) {
      if (!existsSync(join(next, part))) continue
      rmSync(join(root, 'dist', part), { recursive: true, force: true })
      renameSync(join(next, part), join(root, 'dist', part))
    }
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
}

/**
 * Puts what a start loads into few files: resolving hundreds of modules is most of a start's time. Packages with
 * native parts or files of their own beside them stay where they are.
 */
async function bundle(next) {
  const { rolldown } = await import('rolldown')
  const bundled = await rolldown({
    // Threads load files of their own.
    input: {
      main: join(next, 'src/cli/main.js'),
      'sqlite-worker': join(next, 'db/sqlite-worker.js'),
      'mail-worker': join(next, 'channels/email/mail-worker.js'),
    },
    platform: 'node',
    external: [/^better-sqlite3$/, /^@node-rs\//, /^bull$/, /^pg-native$/, /^swagger-ui-dist/, /^bufferutil$/, /^utf-8-validate$/],
    logLevel: 'warn',
  })
  await bundled.write({
    dir: join(next, 'server'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
  })
  await bundled.close()
}

async function buildPage(name) {
  const folder = join(root, name === 'widget' ? 'channels/webchat/widget' : name)
  await run([startFile(join(folder, 'package.json'), 'vite', 'vite'), 'build', '--logLevel', 'warn'], folder)
}

/** The start file of a package's command, as seen from a manifest. */
export function startFile(from, name, binary) {
  const require = createRequire(from)
  let manifest
  try {
    manifest = require.resolve(`${name}/package.json`)
  } catch {
    throw new Error(
      `"${name}" is not installed, so nothing can be built here; run npm ci without --omit=dev, or bring a built dist/ folder.`,
    )
  }
  const { bin } = require(manifest)
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[binary])
}

function run(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${code}:\n${stripVTControlCharacters(output).trim()}`)),
    )
  })
}

async function takeLock() {
  const lock = join(root, 'dist', '.stamps', 'lock')
  mkdirSync(dirname(lock), { recursive: true })
  const giveUpMs = performance.now() + lockTimeoutMs
  for (;;) {
    try {
      const file = openSync(lock, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      return () => rmSync(lock, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (!holderLives(lock)) rmSync(lock, { force: true })
      else if (performance.now() > giveUpMs) throw new Error(`Another build holds ${lock}; remove it when none runs.`)
      else await pause(100)
    }
  }
}

/** An empty lock was made this instant; its holder is about to write its number. */
function holderLives(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    return pid === 0 || process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
