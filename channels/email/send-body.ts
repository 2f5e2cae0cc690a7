import type { OutboundMail, QuotedMail } from '../contract.ts'

/** Quoted text is cut there, UTF-16 code units: what is older stands in the mails before. */
const maxQuoteChars = 50_000

/** The two forms of a mail's body as they leave. */
export interface MailBody {
  readonly text: string
  readonly html: string | null
}

/** Puts what is answered below the words, in both forms, in the manner that mail programs recognise and fold. */
export function bodyOf({ text, html, quote, locale }: Pick<OutboundMail, 'text' | 'html' | 'quote' | 'locale'>): MailBody {
  if (quote === null) return { text, html: html === null ? null : pageOf(html) }
  const line = quoteLine(quote, locale)
  return {
    text: `${text}\n\n${line}\n\n${quotedLines(quote.text)}`,
    html: html === null ? null : pageOf(`${html}${quotedBlock(quote, line)}`),
  }
}

function quotedLines(text: string): string {
  const cut = text.slice(0, maxQuoteChars).replace(/[\uD800-\uDBFF]$/, '')
  return cut
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))
    .join('\n')
}

/** The class is Gmail's, by which other programs know a quote too. */
function quotedBlock(quote: QuotedMail, line: string): string {
  const inner = quote.html ?? escaped(quote.text.slice(0, maxQuoteChars)).replaceAll(/\r?\n/g, '<br>')
  const style = 'margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex'
  return `<div class="gmail_quote"><div>${escaped(line)}</div><blockquote type="cite" style="${style}">${inner}</blockquote></div>`
}

function pageOf(inner: string): string {
  return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${inner}</body></html>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** The line above a quote, in the customer's language: programs of that language fold by it. */
function quoteLine({ author, at }: QuotedMail, locale: string): string {
  const known = locale in lines ? (locale as keyof typeof lines) : 'en'
  const when = new Intl.DateTimeFormat(known, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }).format(at)
  return lines[known](author, `${when} UTC`)
}

const lines = {
  en: (author: string, when: string) => `On ${when}, ${author} wrote:`,
  'zh-TW': (author: string, when: string) => `${author} 於 ${when} 寫道：`,
  'zh-CN': (author: string, when: string) => `${author} 于 ${when} 写道：`,
  ja: (author: string, when: string) => `${when} に ${author} が書きました:`,
} as const
