#!/usr/bin/env node
// The command line of Onequeue: builds what is missing or out of date, then runs the command.
// With ONEQUEUE_NO_BUILD=1 the product is taken as it is.
import module from 'node:module'
import { join } from 'node:path'
import { isStale, root, targets } from './build/targets.mjs'

// Node 22 and newer keep compiled code between starts.
module.enableCompileCache?.(join(root, '.cache', 'node'))

const words = process.argv.slice(2)
try {
  if (process.env.ONEQUEUE_NO_BUILD !== '1')
    await buildStale(words[0] === 'start' ? targets : targets.filter(({ name }) => name === 'server'))
  const { main } = await import('../dist/server/main.js')
  const code = await main(words)
  if (typeof code === 'number') process.exitCode = code
} catch (error) {
  console.error(error instanceof Error ? (process.env.LOG_LEVEL === 'debug' ? error.stack : error.message) : error)
  process.exitCode = 1
}

async function buildStale(wanted) {
  const names = wanted.filter(isStale).map(({ name }) => name)
  if (names.length === 0) return
  const { build } = await import('./build/run.mjs')
  console.error(`Building ${names.join(', ')} …`)
  await build(names, { say: (line) => console.error(line) })
}
