import { join } from 'node:path'
import type { Response } from 'express'
import { AppError } from '../lib/errors.ts'

/** The loader keeps its address for good, so it may be kept for minutes only. */
const loaderMaxAgeSeconds = 300

/** Sends the loader that sites embed. @throws AppError 'unavailable' when the widget has not been built. */
export function sendLoader(response: Response, widgetDir: string): Promise<void> {
  response.set({
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': `public, max-age=${loaderMaxAgeSeconds}`,
    // Any site may load it, also with an integrity hash, which needs CORS.
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  })
  return sendBuilt(response, widgetDir, 'widget.js')
}

/** Sends the chat itself: as a page of its own, or into frames of the sites the inbox allows. */
export function sendChatPage(response: Response, widgetDir: string, allowedOrigins: readonly string[], own: string): Promise<void> {
  response.removeHeader('X-Frame-Options')
  response.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': chatPolicy(allowedOrigins, own),
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  })
  return sendBuilt(response, widgetDir, 'chat.html')
}

/**
 * What the chat page may do: run its own files, talk to its own server, show pictures it fetched itself; and who may frame it.
 * Older Safari does not count sockets to the own host as `'self'`, so they are named.
 */
function chatPolicy(allowedOrigins: readonly string[], own: string): string {
  const socket = own.replace(/^http/, 'ws')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${socket}`,
    "img-src 'self' blob: data:",
    'media-src blob:',
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${["'self'", ...allowedOrigins].join(' ')}`,
  ].join('; ')
}

function sendBuilt(response: Response, widgetDir: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    response.sendFile(join(widgetDir, name), { cacheControl: false, dotfiles: 'allow' }, (error) => {
      if (!error || response.headersSent) return resolve()
      reject(new AppError('unavailable', 'The chat widget is not built; run npm run build.', { file: name }, { cause: error }))
    })
  })
}
