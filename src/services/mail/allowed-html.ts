import type { IOptions } from 'sanitize-html'

/** Tags that only shape text. */
export const plainTags: readonly string[] = (
  'a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure ' +
  'font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark ol p pre q rp rt ruby s samp section small span strike strong sub ' +
  'sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ')

const cell = ['align', 'valign', 'width', 'height', 'colspan', 'rowspan', 'bgcolor', 'nowrap', 'style']

/** Attributes that shape and name nothing a script or another page could reach: no `id`, no `class`, no `name`. */
export const plainAttributes: Readonly<Record<string, string[]>> = {
  '*': ['dir', 'lang', 'style', 'title', 'align'],
  a: ['href', 'target', 'rel', 'title', 'style'],
  font: ['color', 'face', 'size'],
  table: ['border', 'cellpadding', 'cellspacing', ...cell],
  td: cell,
  th: cell,
  tr: cell,
  col: ['width', 'span'],
  ol: ['start', 'type'],
  li: ['value'],
  blockquote: ['style'],
}

/** Values without functions, addresses or escapes; colours may be written as `rgb()` or `hsl()`. */
const word = /^(?!.*(url|expression|image-set|attr|var|env)\s*\()[#\w\s.,%'"+/!-]*$/i
const colour = /^(#[0-9a-f]{3,8}|[a-z]{3,24}|(rgb|hsl)a?\([\d\s.,%/deg]{1,40}\))(\s*!important)?$/i
/** Nothing may be pulled over its neighbours. */
const length = /^[\d\s.a-z%!]*$/i

/** Style that colours and spaces text, and cannot load, hide over or leave its place. */
export const plainStyles: NonNullable<IOptions['allowedStyles']>[string] = {
  color: [colour],
  'background-color': [colour],
  background: [colour],
  'font-family': [word],
  'font-size': [word],
  'font-style': [word],
  'font-weight': [word],
  'line-height': [length],
  'letter-spacing': [length],
  'text-align': [word],
  'text-decoration': [word],
  'text-transform': [word],
  'vertical-align': [word],
  'white-space': [word],
  'word-break': [word],
  'border-collapse': [word],
  'border-spacing': [length],
  'list-style-type': [word],
  direction: [word],
  width: [length],
  height: [length],
  'max-width': [length],
  'min-width': [length],
  'max-height': [length],
  ...sides('margin', length),
  ...sides('padding', length),
  ...Object.fromEntries(
    ['border', 'border-top', 'border-right', 'border-bottom', 'border-left', 'border-color'].map((name) => [name, [/^[#\w\s.%(),!-]*$/i]]),
  ),
  'border-radius': [length],
  'border-width': [length],
  'border-style': [word],
}

function sides(name: string, value: RegExp): Record<string, RegExp[]> {
  const names = [name, ...['top', 'right', 'bottom', 'left'].map((side) => `${name}-${side}`)]
  return Object.fromEntries(names.map((each) => [each, [value]]))
}
