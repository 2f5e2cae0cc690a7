import { dirname, join, normalize } from 'node:path/posix'
import { parseSync, Visitor } from 'rolldown/utils'
import { type Area, areaOf, sharedByProvider } from './areas.ts'

/** What is wrong at one place. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly sentence: string
}

/** One import, export-from, dynamic import or import type. */
export interface Import {
  readonly specifier: string
  readonly line: number
}

/** A parsed source file. */
export type Source = ReturnType<typeof parseSource>

/**
 * Parses TypeScript or JavaScript, with JSX where the name says so.
 * @throws Error when the file has a syntax error.
 */
export function parseSource(path: string, text: string) {
  const lang = path.endsWith('x') ? 'tsx' : /\.[cm]?js$/.test(path) ? 'js' : 'ts'
  const { program, module, errors } = parseSync(path, text, { lang })
  const error = errors[0]
  if (error) throw new Error(`${path}: ${error.message}`)
  return { path, text, program, module }
}

/** The line of a position, counted from 1. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

/** All imports of a file, types included. */
export function importsOf({ text, program, module }: Source): Import[] {
  const found: Import[] = []
  const add = (specifier: string, at: number): void => void found.push({ specifier, line: lineOf(text, at) })
  for (const { moduleRequest } of module.staticImports) add(moduleRequest.value, moduleRequest.start)
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) add(moduleRequest.value, moduleRequest.start)
  }
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source.value, source.start)
    },
    TSImportType: ({ source }) => add(source.value, source.start),
  }).visit(program)
  return found
}

/** The violations of the import directions in one file. */
export function checkImports(source: Source): Finding[] {
  const { path } = source
  const from = areaOf(path)
  if (!from) return [{ path, line: 1, sentence: 'The layout has no place for this file (bin/check/areas.ts).' }]
  return importsOf(source).flatMap(({ specifier, line }) => {
    const sentence = specifier.startsWith('.') ? refuseFile(path, from, specifier) : refusePackage(from, specifier)
    return sentence ? [{ path, line, sentence }] : []
  })
}

function refuseFile(path: string, from: Area, specifier: string): string | undefined {
  const target = normalize(join(dirname(path), specifier))
  if (target.startsWith('..')) return `"${specifier}" lies outside the package.`
  const to = areaOf(target)
  if (from.may.includes('*') || isData(target)) return undefined
  const sameArea = to?.name === from.name
  if (sameArea && from.name === 'channel') return refuseChannel(path, target, from)
  if (to && (sameArea || from.may.includes(to.name))) return undefined
  return `${from.name} must not import ${to?.name ?? target} ("${specifier}"). ${from.because}`
}

function refuseChannel(path: string, target: string, from: Area): string | undefined {
  const [own = '', other = ''] = [path, target].map((file) => file.split('/')[1])
  if (own === other || sharedByProvider[other]?.includes(own)) return undefined
  return `The channel "${own}" must not import the channel "${other}". ${from.because}`
}

function refusePackage(from: Area, specifier: string): string | undefined {
  const name = specifier.startsWith('node:')
    ? 'node:'
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
  if (!from.packages || from.packages.includes(name)) return undefined
  return `${from.name} must not import "${specifier}". ${from.because}`
}

/** Data files such as translations and the manifest belong to no area. */
function isData(target: string): boolean {
  return target.endsWith('.json') || target.endsWith('.css') || target.endsWith('.svg')
}
