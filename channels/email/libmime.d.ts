declare module 'libmime' {
  /** Decodes the encoded words of RFC 2047 in a header value. */
  export function decodeWords(value: string): string
  export function parseHeaderValue(value: string): { value: string; params: Record<string, string> }
  const libmime: { decodeWords: typeof decodeWords; parseHeaderValue: typeof parseHeaderValue }
  export default libmime
}
