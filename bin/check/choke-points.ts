import { Visitor } from 'rolldown/utils'
import { type Finding, importsOf, lineOf, type Source } from './imports.ts'

/** Something that has one home. */
export interface ChokePoint {
  readonly name: string
  /** Files the rule speaks of. */
  readonly within: RegExp
  /** Files among them where it is at home. */
  readonly home: RegExp
  /** The sentence printed with a violation: why, and what to use. */
  readonly because: string
}

const server = /^(src|channels|db)\//
const browser = /^channels\/webchat\/widget\//

export const chokePoints = {
  environment: {
    name: 'process.env',
    within: server,
    home: /^src\/(config|cli\/main)\.ts$|^channels\/webchat\/widget\/vite\.config\.ts$/,
    because: 'The environment is handed over in src/cli/main.ts and read in src/config.ts only; take what you need from the Config.',
  },
  network: {
    name: 'fetch',
    within: server,
    home: /^src\/lib\/egress[\w-]*\.ts$|^channels\/webchat\/widget\/|^src\/bench\/visitors\.ts$/,
    because: 'Outgoing HTTP goes through src/lib/egress.ts, which refuses private addresses and sets limits; take the fetch you are given.',
  },
  time: {
    name: 'the wall clock',
    within: server,
    home: /^src\/adapters\/clock-[\w-]+\.ts$|^channels\/webchat\/widget\/|^src\/lib\/ids\.ts$/,
    because: 'Time comes from the Clock that is passed in; otherwise no test can set it.',
  },
  console: {
    name: 'console',
    within: /^(src|channels|db|agent-ui)\//,
    // A site's developer has no other place to read what the loader was given wrongly.
    home: /^src\/cli\/|^channels\/webchat\/widget\/src\/loader\//,
    because: 'The log (src/lib/log.ts) masks what is secret; standard output belongs to the command line.',
  },
  chance: {
    name: 'Math.random',
    within: /^src\/core\//,
    home: /^$/,
    because: 'Chance makes decisions that cannot be repeated; pass it in.',
  },
} as const satisfies Record<string, ChokePoint>

/** Modules that reach the network or the environment without the names above. */
const detours: Readonly<Record<string, { readonly point: ChokePoint; readonly names?: readonly string[] }>> = {
  'node:https': { point: chokePoints.network, names: ['request', 'get'] },
  'node:http': { point: chokePoints.network, names: ['request', 'get'] },
  'node:http2': { point: chokePoints.network, names: ['connect'] },
  undici: { point: chokePoints.network },
  axios: { point: chokePoints.network },
  'node:process': { point: chokePoints.environment, names: ['env'] },
}

/** The uses of a choke point outside its home in one file. */
export function checkChokePoints(source: Source): Finding[] {
  const { path, text, program } = source
  const found: Finding[] = []
  const report = (point: ChokePoint, at: number): void => {
    if (!point.within.test(path) || point.home.test(path)) return
    found.push({ path, line: lineOf(text, at), sentence: `${point.name} is out of its place. ${point.because}` })
  }
  const declared = declaredNames(source)
  const isGlobal = (name: string): boolean => !declared.has(name)
  new Visitor({
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || !isGlobal(node.object.name)) return
      const property =
        node.property.type === 'Identifier' ? node.property.name : node.property.type === 'Literal' ? String(node.property.value) : ''
      const use = `${node.object.name}.${property}`
      if (use === 'process.env') report(chokePoints.environment, node.start)
      else if (use === 'Date.now') report(chokePoints.time, node.start)
      else if (use === 'globalThis.fetch') report(chokePoints.network, node.start)
      else if (use === 'Math.random') report(chokePoints.chance, node.start)
      else if (node.object.name === 'console') report(chokePoints.console, node.start)
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'fetch' && isGlobal('fetch')) report(chokePoints.network, start)
      if (callee.type === 'Identifier' && callee.name === 'Date') report(chokePoints.time, start)
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) report(chokePoints.time, start)
      if (callee.type === 'Identifier' && callee.name === 'WebSocket') report(chokePoints.network, start)
    },
  }).visit(program)
  for (const { specifier, line } of importsOf(source)) {
    const detour = detours[specifier] ?? detours[`node:${specifier}`]
    if (detour && importsAny(source, specifier, detour.names)) {
      const { point } = detour
      if (point.within.test(path) && !point.home.test(path) && !browser.test(path)) {
        found.push({ path, line, sentence: `"${specifier}" gets round ${point.name}. ${point.because}` })
      }
    }
  }
  return found
}

/** Whether values of these names (any at all when none are named) come from a module. */
function importsAny({ module }: Source, specifier: string, names: readonly string[] | undefined): boolean {
  const entries = module.staticImports.filter((one) => one.moduleRequest.value === specifier).flatMap((one) => one.entries)
  const values = entries.filter((entry) => !entry.isType)
  if (!names) return values.length > 0
  return values.some(({ importName }) => importName.kind !== 'Name' || names.includes(importName.name ?? ''))
}

/** Names that the file itself declares or imports anywhere: parameters, variables, functions. They hide the global. */
function declaredNames({ program, module }: Source): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { entries } of module.staticImports) for (const { localName } of entries) names.add(localName.value)
  const take = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || !('type' in node)) return
    if (node.type === 'Identifier' && 'name' in node && typeof node.name === 'string') names.add(node.name)
    for (const key of ['left', 'argument', 'value', 'parameter']) if (key in node) take(Reflect.get(node, key))
    for (const key of ['elements', 'properties']) {
      const list: unknown = Reflect.get(node, key)
      if (Array.isArray(list)) list.forEach(take)
    }
  }
  new Visitor({
    VariableDeclarator: ({ id }) => take(id),
    FunctionDeclaration: ({ id, params }) => [id, ...params].forEach(take),
    FunctionExpression: ({ params }) => params.forEach(take),
    ArrowFunctionExpression: ({ params }) => params.forEach(take),
  }).visit(program)
  return names
}
