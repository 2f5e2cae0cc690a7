/** Checks import directions and choke points of all sources; prints each violation and ends with 1 when there is one. */
import { readFile } from 'node:fs/promises'
import { checkChokePoints } from './choke-points.ts'
import { checkImports, type Finding, parseSource } from './imports.ts'
import { sourceFiles } from './source-files.ts'

const paths = await sourceFiles(['src', 'channels', 'db', 'agent-ui'], /\.(ts|tsx|mts|js|mjs|jsx)$/)
const findings: Finding[] = []
for (const path of paths) {
  const source = parseSource(path, await readFile(path, 'utf8'))
  findings.push(...checkImports(source), ...checkChokePoints(source))
}
for (const { path, line, sentence } of findings) process.stdout.write(`${path}:${line}  ${sentence}\n`)
process.stdout.write(`${paths.length} files, ${findings.length} violations\n`)
process.exitCode = findings.length > 0 || paths.length === 0 ? 1 : 0
