import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { Config } from '../config.ts'

/** Where LINE keeps stickers and profile pictures (developers.line.biz, "Sticker message" and "Get profile"). */
const linePictures = ['https://stickershop.line-scdn.net', 'https://profile.line-scdn.net', 'https://sprofile.line-scdn.net']

/**
 * The headers of every answer. Scripts come from files of ours alone; styles may stand in the page, for
 * the console's components set sizes and colours that way. Pages that others may embed (the chat) say so themselves.
 */
export function contentPolicy(config: Config): RequestHandler {
  const secure = config.publicUrl.startsWith('https:')
  // Browsers that do not count websockets as 'self' need the address spelled out (CSP level 2).
  const socket = config.publicUrl.replace(/^http/, 'ws')
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...linePictures],
        mediaSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", socket],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameSrc: ["'self'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    // Pictures of LINE are shown as they come, without the header that this policy asks for.
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'sameorigin' },
  })
}
