#!/usr/bin/env node
// For development: the hub from its sources, restarted on change; the console served by vite with hot
// replacement; the widget rebuilt on change. Ends all of them when one ends or on Ctrl-C.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, startFile } from './build/run.mjs'
import { root } from './build/targets.mjs'

const agentUi = join(root, 'agent-ui')
const widget = join(root, 'channels', 'webchat', 'widget')
const vite = startFile(join(agentUi, 'package.json'), 'vite', 'vite')
const parts = [
  {
    name: 'hub',
    cwd: root,
    args: ['--watch', '--watch-preserve-output', '--import', 'tsx', 'bin/dev-hub.mjs', ...process.argv.slice(2)],
  },
  { name: 'console', cwd: agentUi, args: [vite, '--clearScreen', 'false'] },
  { name: 'widget', cwd: widget, args: [vite, 'build', '--watch', '--clearScreen', 'false'] },
]

let ending = false
const children = []
const end = (code) => {
  if (ending) return
  ending = true
  process.exitCode = code
  for (const child of children) child.kill('SIGTERM')
  // Whoever does not listen is ended the hard way; the timer does not hold up an early end.
  setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 5_000).unref()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0))
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')))

try {
  // The hub serves the built console at `/`; the one with hot replacement is vite's.
  await build(['agent-ui'], { say: (line) => console.log(`[console] ${line}`) })
} catch (error) {
  console.error(`[console] ${error.message}`)
}
for (const { name, cwd, args } of parts) {
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '1' },
  })
  children.push(child)
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => process.stdout.write(text.replaceAll(/^(?=.)/gm, `[${name}] `)))
  }
  child.once('exit', (code) => {
    if (!ending) console.error(`[${name}] ended with ${code}`)
    end(code ?? 1)
  })
}
