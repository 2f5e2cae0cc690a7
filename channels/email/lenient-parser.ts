import { MailParser } from 'mailparser'
import { AppError } from '../../src/lib/errors.ts'
import { nameOf, TextDecoding } from './charset.ts'
import { mailLimits } from './mail-document.ts'

/** What the base class makes of each part, as far as it matters here. */
interface ParsedNode {
  readonly parent?: ParsedNode
  readonly contentType?: string
  readonly isAttachment?: boolean
  readonly node?: { readonly parentNode?: unknown; readonly parsedContentType?: { readonly params?: Record<string, string> } }
  charset?: string
}

/** Members of the base class that its types do not name; the exact version is pinned and a test holds each. */
interface Inside {
  createNode(node: unknown): ParsedNode
  decoder: { decodeStream(label: string): NodeJS.ReadWriteStream }
}

/** Marks labels on their way to our decoder, so that the base class treats none as too plain to decode. */
const mark = 'x-label:'

/**
 * The mail parser with two changes: the number and depth of parts are bounded, and text is decoded by what its bytes say
 * where its label is missing or wrong.
 */
export class LenientParser extends MailParser {
  /** Whether the charset of some text was guessed. */
  guessedCharset = false
  /** By which label the newest text that is not plain was read. */
  hint = ''
  /** Content types of all parts, in their order, with the parameter that tells kinds of S/MIME and reports apart. */
  readonly contentTypes: { readonly type: string; readonly detail: string }[] = []
  #parts = 0

  constructor() {
    // The last two are bounds of the splitter below, which takes the same options.
    const options = {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      skipTextLinks: true,
      keepDeliveryStatus: true,
      checksumAlgo: 'sha256',
      maxHeadSize: mailLimits.maxHeadBytes,
      maxChildNodes: mailLimits.maxParts,
    }
    super(options)
    const inside = this as unknown as Inside
    inside.decoder = {
      decodeStream: (label) =>
        new TextDecoding(label.startsWith(mark) ? label.slice(mark.length) : label, (found) => {
          this.guessedCharset ||= found.guessed
          if (!['', 'us-ascii', 'ascii', 'utf-8', 'utf8'].includes(found.label)) this.hint = found.label
        }),
    }
  }

  /** Called by the base class for each part. @throws AppError 'too_large'. */
  createNode(given: unknown): ParsedNode {
    this.#parts += 1
    if (this.#parts > mailLimits.maxParts) throw new AppError('too_large', `The mail has more than ${mailLimits.maxParts} parts.`)
    const base = MailParser.prototype as unknown as Inside
    const made = base.createNode.call(this, given)
    const params = made.node?.parsedContentType?.params ?? {}
    this.contentTypes.push({ type: made.contentType ?? '', detail: (params['smime-type'] ?? params['report-type'] ?? '').toLowerCase() })
    if (depthOf(made) > mailLimits.maxDepth) throw new AppError('too_large', `The mail nests deeper than ${mailLimits.maxDepth} parts.`)
    if (made.isAttachment === false) made.charset = `${mark}${nameOf(made.charset ?? '')}`
    return made
  }
}

function depthOf(node: ParsedNode): number {
  let depth = 0
  for (let at: ParsedNode | undefined = node; at !== undefined; at = at.parent) depth += 1
  return depth
}
