import { describe, expect, test } from 'vitest'
import { checkChokePoints, chokePoints } from '../../bin/check/choke-points.ts'
import { parseSource } from '../../bin/check/imports.ts'

const sentences = (path: string, text: string): string[] => checkChokePoints(parseSource(path, text)).map(({ sentence }) => sentence)

const planted: readonly [keyof typeof chokePoints, string][] = [
  ['environment', "export const port = process.env['PORT']"],
  ['environment', 'export const { PORT } = process.env'],
  ['environment', "import { env } from 'node:process'\nexport const port = env.PORT"],
  ['network', "export const answer = await fetch('https://example.com')"],
  ['network', 'export const call = globalThis.fetch'],
  ['network', "import { request } from 'node:https'\nrequest('https://example.com')"],
  ['network', "import * as http from 'http'\nhttp.get('http://example.com')"],
  ['network', "import axios from 'axios'\nawait axios.get('https://example.com')"],
  ['network', "export const socket = new WebSocket('wss://example.com')"],
  ['time', 'export const now = Date.now()'],
  ['time', 'export const clock = Date.now'],
  ['time', 'export const now = new Date()'],
  ['time', 'export const now = Date()'],
  ['console', "console.log('here')"],
]

describe.each(planted)('%s', (name, text) => {
  test(`is caught: ${text}`, () => {
    expect(sentences('src/services/offers/accept.ts', text)).toEqual([expect.stringContaining(chokePoints[name].because)])
    expect(sentences('channels/line/outbound.ts', text)).toHaveLength(1)
  })
})

test('chance is caught in the core', () => {
  expect(sentences('src/core/routing/route.ts', 'export const roll = Math.random()')).toHaveLength(1)
})

test.each([
  ['src/config.ts', 'export const env = process.env'],
  ['src/lib/egress.ts', "import { request } from 'node:https'\nrequest('https://example.com')"],
  ['src/adapters/clock-system.ts', 'export const now = () => Date.now()'],
  ['src/cli/main.ts', "console.log('Started.')"],
  ['agent-ui/src/api.ts', "export const load = () => fetch('/api/v1/session')"],
  ['channels/webchat/widget/src/loader.ts', "export const load = () => fetch('/x')\nexport const now = Date.now()"],
  ['tests/http/x.test.ts', "await fetch('http://127.0.0.1')\nconsole.log(process.env.CI, Date.now())"],
])('%s is a home', (path, text) => {
  expect(sentences(path, text)).toEqual([])
})

test.each([
  'export const send = (fetch: (url: string) => void) => fetch("x")',
  'export const send = ({ fetch }: Kit) => fetch("x")',
  'export async function send({ fetch: fetch = other }: Kit) { await fetch("x") }',
  'export const at = new Date(0)',
  'export const parse = (text: string) => Date.parse(text)',
  'export type Fetch = typeof globalThis.fetch',
  "import { createServer, type ClientRequest } from 'node:http'\nexport const server = createServer()",
  "export const text = 'process.env, Date.now() and console.log in a string'",
  'export const log = (console: Log) => console.info("own")',
])('no false alarm: %s', (text) => {
  expect(sentences('src/services/offers/accept.ts', text)).toEqual([])
})

test('the line is told', () => {
  expect(checkChokePoints(parseSource('src/hub.ts', '\n\nconsole.log(1)'))).toMatchObject([{ path: 'src/hub.ts', line: 3 }])
})
