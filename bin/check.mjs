#!/usr/bin/env node
// Runs every check that needs no server, two at a time, and ends with 1 when one fails.
// `npm run check -- imports lint` runs those whose name contains one of the words.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

/** The start file of a package's command, so that no shell and no npx stand between. */
const command = (name, binary = name) => {
  const manifest = require.resolve(`${name}/package.json`)
  const { bin } = require(manifest)
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[binary])
}
const tsc = (project) => [command('typescript', 'tsc'), '--noEmit', '-p', project]
const script = (file) => ['--import', 'tsx', file]

/** Longest first, so that the two lanes end together. */
const steps = [
  { name: 'types: hub, tests and tools', args: tsc('tsconfig.json') },
  { name: 'migrations match the schema', args: script('db/check.ts') },
  { name: 'lint with types (oxlint)', args: [command('oxlint'), '--type-aware'] },
  { name: 'types: console', args: tsc('agent-ui/tsconfig.json') },
  { name: 'types: widget', args: tsc('channels/webchat/widget/tsconfig.json') },
  { name: 'imports and choke points', args: script('bin/check/source-rules.ts') },
  {
    name: 'format and lint (biome)',
    args: [command('@biomejs/biome', 'biome'), 'check', '--colors=off', '--error-on-warnings', '--max-diagnostics=20'],
  },
  { name: 'translations', args: script('bin/check/locales.ts') },
  { name: 'links between pages', args: script('bin/check/doc-links.ts') },
]

const words = process.argv.slice(2).map((word) => word.toLowerCase())
const chosen = steps.filter(({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)))
if (chosen.length === 0) {
  console.error(`No check is named so. There are:\n${steps.map(({ name }) => `  ${name}`).join('\n')}`)
  process.exit(1)
}
if (!existsSync(join(root, 'node_modules'))) {
  console.error('The packages are not installed; run npm ci first.')
  process.exit(1)
}

const running = new Set()
const end = (signal) => {
  for (const child of running) child.kill(signal)
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(signal))

const run = ({ name, args }) =>
  new Promise((resolve) => {
    const startedMs = performance.now()
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.once('error', (error) => (output += error.message))
    child.once('close', (code) => {
      running.delete(child)
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
      const passed = code === 0
      console.log(`${passed ? '✓' : '✗'} ${name}  ${seconds} s`)
      if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '    '))
      resolve(passed)
    })
  })

const waiting = [...chosen]
const results = []
const lane = async () => {
  for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await run(step))
}
await Promise.all([lane(), lane()])
const failed = results.filter((passed) => !passed).length
console.log(`${results.length - failed} checks passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
