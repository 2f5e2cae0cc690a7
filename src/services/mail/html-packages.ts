import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** sanitize-html, loaded at its first use: a hub starts in half a second because it loads what it needs when it needs it. */
export function sanitizeHtml(...given: Parameters<typeof import('sanitize-html')>): string {
  return (load('sanitize-html') as typeof import('sanitize-html'))(...given)
}

/** `convert` of html-to-text, in the same way. */
export function convertHtml(...given: Parameters<typeof import('html-to-text').convert>): string {
  return (load('html-to-text') as typeof import('html-to-text')).convert(...given)
}
