import { createRequire } from 'node:module'
import type { RawRequest } from '../contract.ts'
import type { TwilioAccount } from './account.ts'
import { rawField, readForm } from './form.ts'

type Signatures = typeof import('twilio/lib/webhooks/webhooks.js')

// Of the SDK only this part is needed before the first call, and by hubs that have such an inbox.
const require = createRequire(import.meta.url)
let loaded: Signatures | undefined
const signatures = (): Signatures => {
  loaded ??= require('twilio/lib/webhooks/webhooks.js') as Signatures
  return loaded
}

/**
 * Makes the check of `X-Twilio-Signature`: base64 of HMAC-SHA1, by the present or the former auth token, over the
 * configured public address with path and query, and every field of the form sorted by name. What proxies rewrite
 * (`Host`, scheme) is never looked at. The account named in the body must be the inbox's own.
 * Source: Twilio, "Webhooks security", "Validate the signature of incoming requests".
 */
export function createVerify(
  config: Pick<TwilioAccount, 'accountSid' | 'authToken' | 'previousAuthToken'>,
): (request: RawRequest) => boolean {
  const tokens = [config.authToken, ...(config.previousAuthToken === undefined ? [] : [config.previousAuthToken])]
  return ({ headers, publicUrl, body }) => {
    const signature = headers['x-twilio-signature']
    if (signature === undefined || !/^[A-Za-z0-9+/]{27}=$/.test(signature)) return false
    try {
      const form = readForm(body)
      if (!tokens.some((token) => signatures().validateRequest(token, signature, publicUrl, form))) return false
      const account = rawField(form, 'AccountSid')
      return account === undefined || account === config.accountSid
    } catch {
      return false
    }
  }
}
