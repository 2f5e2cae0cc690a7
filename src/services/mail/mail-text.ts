import { plainAttributes, plainStyles, plainTags } from './allowed-html.ts'
import { convertHtml, sanitizeHtml } from './html-packages.ts'

/** The plain form of HTML: links with their addresses, lists with their marks, pictures left out. */
export function textOfHtml(html: string): string {
  return convertHtml(html, {
    wordwrap: false,
    limits: { maxInputLength: 500_000, maxDepth: 100, ellipsis: '…' },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  }).trim()
}

/** What an agent wrote, without what no mail should carry: pictures are those of `contentIds` and no others. */
export function sanitizeWritten(html: string, contentIds: ReadonlySet<string>): string {
  return sanitizeHtml(html.replaceAll('\0', ''), {
    allowedTags: [...plainTags, 'img'],
    allowedAttributes: { ...plainAttributes, img: ['src', 'alt', 'width', 'height', 'style'] },
    allowedStyles: { '*': plainStyles },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid'] },
    allowProtocolRelative: false,
    nestingLimit: 100,
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !contentIds.has((attribs['src'] ?? '').replace(/^cid:/i, '')),
  })
}

/** Text as HTML that shows the same lines. */
export function htmlOfText(text: string): string {
  return escapeHtml(text).replaceAll(/\r?\n/g, '<br>')
}

/** Text that means nothing to an HTML reader. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
