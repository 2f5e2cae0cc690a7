#!/usr/bin/env node
// Builds what is out of date: `node bin/build.mjs [--force] [server] [agent-ui] [widget]`.
import { build } from './build/run.mjs'
import { targets } from './build/targets.mjs'

const words = process.argv.slice(2)
const all = targets.map(({ name }) => name)
const force = words.includes('--force')
const names = words.filter((word) => word !== '--force')
const unknown = names.filter((name) => !all.includes(name))

if (unknown.length > 0) {
  console.error(`There is no target "${unknown.join('", "')}"; there are ${all.join(', ')}.`)
  process.exitCode = 1
} else {
  try {
    const built = await build(names.length > 0 ? names : all, { force, say: (line) => console.log(line) })
    if (built.length === 0) console.log('everything is up to date')
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
