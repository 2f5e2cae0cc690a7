import { describe, expect, test } from 'vitest'
import { areaOf, areas } from '../../bin/check/areas.ts'
import { checkImports, parseSource } from '../../bin/check/imports.ts'

/** A file of each area. */
const example: Readonly<Record<string, string>> = {
  composition: 'src/hub-adapters.ts',
  config: 'src/config.ts',
  wire: 'src/wire/messages.ts',
  access: 'src/core/access/authorize.ts',
  core: 'src/core/routing/route.ts',
  services: 'src/services/conversations/receive-message.ts',
  ports: 'src/ports/clock.ts',
  adapters: 'src/adapters/clock-fake.ts',
  http: 'src/http/api/contacts.ts',
  realtime: 'src/realtime/tail.ts',
  jobs: 'src/jobs/sweep.ts',
  present: 'src/present/message.ts',
  i18n: 'src/i18n/text.ts',
  lib: 'src/lib/errors.ts',
  'channel-contract': 'channels/contract.ts',
  'channel-registry': 'channels/index.ts',
  widget: 'channels/webchat/widget/src/loader.ts',
  channel: 'channels/line/inbound.ts',
  seed: 'db/seed/centre.ts',
  'db-access': 'db/queries/events.ts',
  db: 'db/schema/index.ts',
  console: 'agent-ui/src/main.tsx',
  bench: 'src/bench/figures.ts',
  outside: 'tests/core/routing.test.ts',
}

const importing = (from: string, to: string): string => {
  const up = '../'.repeat(from.split('/').length - 1)
  return `import { x } from '${up || './'}${to}'\nexport const y = x\n`
}
const sentences = (path: string, text: string): string[] => checkImports(parseSource(path, text)).map(({ sentence }) => sentence)

test('each area has an example here, and owns it', () => {
  expect(Object.keys(example).toSorted()).toEqual(areas.map(({ name }) => name).toSorted())
  for (const [name, path] of Object.entries(example)) expect(areaOf(path)?.name).toBe(name)
})

describe.each(areas)('$name', ({ name, may, because }) => {
  const from = example[name] ?? ''
  const others = Object.entries(example).filter(([other]) => other !== name)

  test('may import what the design says and no other area', () => {
    for (const [other, target] of others) {
      const found = sentences(from, importing(from, target))
      if (may.includes('*') || may.includes(other)) expect(found, `${name} → ${other}`).toEqual([])
      else expect(found, `${name} → ${other}`).toEqual([expect.stringContaining(because)])
    }
  })
})

test.each([
  ["import type { Db } from '../../db/store.ts'", 'a type'],
  ["export * from '../../db/store.ts'", 'an export'],
  ["export type { Db } from '../../db/store.ts'", 'an exported type'],
  ["const db = await import('../../db/store.ts')", 'a dynamic import'],
  ["type Db = import('../../db/store.ts').Db", 'an import type'],
  ["import '../../db/store.ts'", 'an import for its effect'],
])('%s is seen (%s)', (text) => {
  expect(sentences('src/core/rules.ts', text)).toHaveLength(1)
})

test('the core imports no package, not even a module of Node', () => {
  expect(sentences('src/core/rules.ts', "import { z } from 'zod'\nimport fs from 'node:fs'")).toHaveLength(2)
})

test('the wire imports zod alone', () => {
  expect(sentences('src/wire/ids.ts', "import { z } from 'zod'\nimport { v7 } from 'uuid'")).toEqual([expect.stringContaining('"uuid"')])
})

test('a channel never imports another, except the folder of its provider', () => {
  const other = "import { x } from '../line/inbound.ts'"
  expect(sentences('channels/webchat/inbound.ts', other)).toEqual([expect.stringContaining('"webchat" must not import the channel "line"')])
  expect(sentences('channels/line/outbound.ts', "import { x } from './inbound.ts'")).toEqual([])
  const shared = "import { x } from '../twilio/signature.ts'"
  expect(sentences('channels/sms/verify.ts', shared)).toEqual([])
  expect(sentences('channels/phone/verify.ts', shared)).toEqual([])
  expect(sentences('channels/line/verify.ts', shared)).toHaveLength(1)
  expect(sentences('channels/twilio/signature.ts', "import { x } from '../sms/verify.ts'")).toHaveLength(1)
})

test('a file outside the layout, or an import out of the package, is a violation', () => {
  expect(sentences('src/helpers/misc.ts', 'export const x = 1')).toEqual([expect.stringContaining('no place')])
  expect(sentences('src/services/a.ts', "import { x } from '../../../elsewhere/b.ts'")).toEqual([
    expect.stringContaining('outside the package'),
  ])
})

test('data files belong to no area', () => {
  expect(sentences('src/lib/package-root.ts', "import data from '../../package.json' with { type: 'json' }")).toEqual([])
})
