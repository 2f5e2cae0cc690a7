/** A hub in a process of its own, for tests that kill it: the `start` command from the sources, by the environment. */
import { start } from '../../src/main.ts'

process.exitCode = await start({ args: [], env: process.env, print: (line) => void process.stdout.write(`${line}\n`) })
