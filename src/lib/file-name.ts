const maxNameBytes = 200

/** Separators, control characters, bidirectional overrides and what Windows refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out.
const forbidden = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"|?*]/gu

/**
 * A file name that is safe to show and to offer for saving: the last part of the path, in NFC, without control and
 * bidirectional characters, at most 200 bytes of UTF-8 with its extension kept; `file` when nothing is left.
 */
export function cleanFileName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const clean = base
    .replaceAll(/\p{Surrogate}/gu, '')
    .replace(forbidden, '')
    .replace(/^[.\s]+|[.\s]+$/gu, '')
  return cut(clean) || 'file'
}

function cut(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  const extension = /\.[A-Za-z0-9]{1,12}$/.exec(name)?.[0] ?? ''
  let stem = ''
  let bytes = Buffer.byteLength(extension)
  for (const { segment } of new Intl.Segmenter().segment(name.slice(0, name.length - extension.length))) {
    bytes += Buffer.byteLength(segment)
    if (bytes > maxNameBytes) break
    stem += segment
  }
  return stem + extension
}
