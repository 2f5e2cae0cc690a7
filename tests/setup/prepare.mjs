// Brings what the tests need beside the npm packages: Redis, Dovecot, Chromium and fonts for Chinese and Japanese
// through apt-get where that is possible, and the built server and pages. What is missing then is named
// in one sentence; with CI=true that ends with 1.
import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { build } from '../../bin/build/run.mjs'
import { targets } from '../../bin/build/targets.mjs'

const strict = process.env.CI === 'true'
const say = (line) => process.stdout.write(`${line}\n`)

const needs = [
  {
    package: 'redis-server',
    present: () => inPath('redis-server'),
    without: 'the suites on Redis (tests/conformance: job-queue, broadcast, limiter) cannot run without redis-server',
  },
  {
    package: 'dovecot-imapd',
    present: () => inPath('dovecot') || existsSync('/usr/sbin/dovecot'),
    without: 'the suites on a real mailbox (tests/channels/email-in) cannot run without Dovecot',
  },
  {
    package: 'chromium',
    present: () => inPath('chromium'),
    fallback: () => createRequire(import.meta.url).resolve('@sparticuz/chromium') && 'the Chromium of @sparticuz/chromium is used',
    without: 'the suites in tests/browser cannot run without Chromium',
  },
  {
    package: 'fonts-noto-cjk',
    present: hasCjkFont,
    fallback: () => 'pictures of pages show boxes in place of Chinese and Japanese',
    without: '',
  },
]

installMissing()
const missing = needs
  .filter((need) => !need.present())
  .map(explain)
  .filter(Boolean)
for (const sentence of missing) say(`Missing: ${sentence}.`)

try {
  await build(
    targets.map(({ name }) => name),
    { say },
  )
} catch (error) {
  say(error.message)
  process.exitCode = 1
}
if (strict && missing.length > 0) process.exitCode = 1

function installMissing() {
  const packages = needs.filter((need) => !need.present()).map((need) => need.package)
  if (packages.length === 0) return
  if (process.getuid?.() !== 0 || !inPath('apt-get')) {
    say(`Not installed: ${packages.join(', ')}. As root on Debian this step installs them; otherwise do so by hand.`)
    return
  }
  say(`Installing ${packages.join(', ')} …`)
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-q']
  apt([...wait, 'update'])
  apt([...wait, 'install', '-y', '--no-install-recommends', ...packages])
}

function apt(args) {
  const { status, stdout, stderr, error } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) say(`apt-get ${args.at(-1)} ended with ${status ?? error?.message}:\n${`${stdout}${stderr}`.trim().slice(-1_000)}`)
}

/** A sentence when suites cannot run; nothing, after a remark, when there is a way round. */
function explain(need) {
  try {
    const way = need.fallback?.()
    if (!way) return need.without
    say(`Without ${need.package}: ${way}.`)
  } catch {
    return need.without
  }
}

function inPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function hasCjkFont() {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true
  try {
    return execFileSync('fc-list', [':lang=zh-tw', 'family'], { encoding: 'utf8' }).trim() !== ''
  } catch {
    return false
  }
}
