import type { IOptions, Tag } from 'sanitize-html'
import { plainAttributes, plainStyles, plainTags } from './allowed-html.ts'
import { sanitizeHtml } from './html-packages.ts'

/** What a mail's pictures become. */
export interface PictureSource {
  /** Address of ours for the part with this Content-ID; null when the mail has none. */
  inline(contentId: string): string | null
  /** Address of ours that fetches a remote picture; null while pictures are blocked. */
  remote(url: string): string | null
}

/** A mail's HTML that may be shown in a frame without scripts. */
export interface SafeHtml {
  readonly html: string
  /** Remote pictures that were left out because nobody asked for them. */
  readonly blockedImages: number
  /** Pictures too small to be seen, which only tell the sender that the mail was read; never loaded. */
  readonly trackers: number
  /** Earlier mail stands folded in `<details>`. */
  readonly folded: boolean
  /** The mail sets colours of its own, which need a light ground. */
  readonly coloured: boolean
}

/** Larger or more tangled HTML is not shown; the text is. Sanitising takes about 0.4 ms a kilobyte. */
export const maxHtmlChars = 500_000
const maxTags = 20_000
const maxDepth = 100

/** Blocks in which mail programs put earlier mail, and marks above one that stands beside them. */
const quoteBlock =
  /(^|\s)(gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote|moz-forward-container|zmail_extra)(\s|$)/
const quoteMark =
  /^(divRplyFwdMsg|OLK_SRC_BODY_SECTION|appendonsend|x_divRplyFwdMsg|isForwardContent|mail-editor-reference-message-container)$/

/** Tags no mail can bring, so that what carries them afterwards is ours. */
const foldTag = 'details'
const markTag = 'oq-mark'

/**
 * Makes a mail's HTML safe to show: what runs, loads, submits, floats over the rest or poses as something else is gone.
 * Pictures go through `pictures`, links open a page of their own and tell their host. Idempotent but for the pictures.
 * @param foldLabel what stands above folded earlier mail, as plain text.
 * @returns null for HTML that is too large or too deep to be worth it.
 */
export function sanitizeMail(html: string, pictures: PictureSource, foldLabel: string): SafeHtml | null {
  if (html.length > maxHtmlChars || countTags(html) > maxTags) return null
  const seen = { blockedImages: 0, trackers: 0, folded: false, coloured: false }
  const clean = sanitizeHtml(html.replaceAll('\0', ''), optionsOf(pictures, seen))
  return { ...seen, html: foldMarked(clean, foldLabel) }
}

interface Seen {
  blockedImages: number
  trackers: number
  folded: boolean
  coloured: boolean
}

function optionsOf(pictures: PictureSource, seen: Seen): IOptions {
  return {
    allowedTags: [...plainTags, 'img', foldTag, markTag],
    allowedAttributes: {
      ...plainAttributes,
      img: ['src', 'alt', 'title', 'width', 'height', 'style', 'data-blocked'],
      [foldTag]: [],
      [markTag]: [],
    },
    allowedStyles: { '*': plainStyles },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    // Addresses of pictures are made by `pictures`; a relative one is ours, and a mail's own never gets this far.
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'xmp',
      'iframe',
      'noembed',
      'noframes',
      'plaintext',
      'svg',
      'math',
    ],
    nestingLimit: maxDepth,
    enforceHtmlBoundary: false,
    parseStyleAttributes: true,
    transformTags: {
      [foldTag]: 'div',
      [markTag]: 'span',
      '*': (tagName, attribs) => markedTag(tagName, attribs, seen),
      a: (tagName, attribs) => link(tagName, attribs),
      img: (tagName, attribs) => picture(tagName, attribs, pictures, seen),
      body: 'div',
    },
    exclusiveFilter: (frame) => frame.tag === 'img' && frame.attribs['src'] === undefined && frame.attribs['data-blocked'] === undefined,
  }
}

function countTags(html: string): number {
  let tags = 0
  for (let at = html.indexOf('<'); at !== -1 && tags <= maxTags * 2; at = html.indexOf('<', at + 1)) tags += 1
  return tags / 2
}

/** Finds where earlier mail begins, and whether the mail sets colours. */
function markedTag(tagName: string, attribs: Tag['attribs'], seen: Seen): Tag {
  if (attribs['bgcolor'] !== undefined || attribs['color'] !== undefined || /(^|[;\s])(background|color)/i.test(attribs['style'] ?? '')) {
    seen.coloured = true
  }
  if (tagName === foldTag) return { tagName: 'div', attribs: {} }
  if (tagName === markTag) return { tagName: 'span', attribs: {} }
  const quotes = tagName === 'blockquote' && attribs['type'] === 'cite'
  if (!seen.folded && (quotes || quoteBlock.test(attribs['class'] ?? ''))) {
    seen.folded = true
    return { tagName: foldTag, attribs: {} }
  }
  if (!seen.folded && quoteMark.test(attribs['id'] ?? '')) {
    seen.folded = true
    return { tagName: markTag, attribs: {} }
  }
  return { tagName, attribs }
}

function link(tagName: string, attribs: Tag['attribs']): Tag {
  const href = (attribs['href'] ?? '').trim()
  if (!/^(https?:|mailto:|tel:)/i.test(href)) return { tagName: 'span', attribs: {} }
  const host = URL.canParse(href) && /^https?:/i.test(href) ? new URL(href).host : href
  const safe: Tag['attribs'] = { href, target: '_blank', rel: 'noopener noreferrer nofollow', title: host.slice(0, 200) }
  if (attribs['style'] !== undefined) safe['style'] = attribs['style']
  return { tagName, attribs: safe }
}

function picture(tagName: string, attribs: Tag['attribs'], pictures: PictureSource, seen: Seen): Tag {
  const { alt, title, width, height, style } = attribs
  const looks = Object.fromEntries(
    Object.entries({ alt: alt ?? '', title, width, height, style }).filter(([, value]) => value !== undefined),
  )
  const source = (attribs['src'] ?? '').trim()
  const found = sourceOf(source, attribs, pictures)
  if (found === 'tracker') {
    seen.trackers += 1
    return { tagName, attribs: {} }
  }
  if (found === 'blocked') {
    seen.blockedImages += 1
    return { tagName, attribs: { ...looks, 'data-blocked': '' } }
  }
  return { tagName, attribs: found === null ? {} : { ...looks, src: found.url } }
}

function sourceOf(source: string, attribs: Tag['attribs'], pictures: PictureSource): { url: string } | 'tracker' | 'blocked' | null {
  if (/^cid:/i.test(source)) return shown(pictures.inline(decoded(source.slice(4))))
  if (/^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/i.test(source)) return { url: source }
  const url = source.startsWith('//') ? `https:${source}` : source
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null
  if (isTracker(attribs)) return 'tracker'
  return shown(pictures.remote(url)) ?? 'blocked'
}

function shown(url: string | null): { url: string } | null {
  return url === null ? null : { url }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function isTracker({ width, height, style = '' }: Tag['attribs']): boolean {
  const tiny = (size: string | undefined) => size !== undefined && /^\s*[01](px)?\s*$/.test(size)
  return (
    tiny(width) ||
    tiny(height) ||
    /display\s*:\s*none|visibility\s*:\s*hidden|(^|[;\s])(max-)?(width|height)\s*:\s*[01](px)?\s*(;|$|!)/i.test(style)
  )
}

/** Puts a label above folded blocks, and folds what follows a mark until its parent ends. */
function foldMarked(html: string, label: string): string {
  const summary = `<summary>${escapeText(label)}</summary>`
  return html
    .replaceAll(`<${foldTag}>`, `<${foldTag}>${summary}`)
    .replace(`<${markTag}>`, `<${foldTag}>${summary}<div>`)
    .replaceAll(`</${markTag}>`, '</div>')
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
