// The last line of a full run: adds the tests of .cache/test-report.json (Vitest's JSON reporter) and the
// checks of .cache/check-report.txt. Arguments: the exit codes of both. Ends with 1 when anything failed,
// also when a report is missing or claims success against its exit code.
import { readFileSync } from 'node:fs'

const [testsCode, checkCode] = process.argv.slice(2).map(Number)

function tests() {
  try {
    const report = JSON.parse(readFileSync('.cache/test-report.json', 'utf8'))
    // A file that could not be loaded has no failed test of its own.
    const brokenFiles = report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    )
    return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

function checks() {
  try {
    const match = /^(\d+) checks passed, (\d+) failed$/m.exec(readFileSync('.cache/check-report.txt', 'utf8'))
    return { passed: Number(match?.[1] ?? 0), failed: Number(match?.[2] ?? 0) }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

const counted = [
  { code: testsCode, ...tests() },
  { code: checkCode, ...checks() },
]
let passed = 0
let failed = 0
for (const part of counted) {
  passed += part.passed
  failed += part.code === 0 || part.failed > 0 ? part.failed : 1
  if (part.code === 0 && part.passed === 0) failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
