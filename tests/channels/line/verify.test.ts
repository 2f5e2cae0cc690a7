import { createHmac } from 'node:crypto'
import { validateSignature } from '@line/bot-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineConfigSchema } from '../../../channels/line/config.ts'
import { createVerify } from '../../../channels/line/verify.ts'
import { settings } from './stand-in.ts'

const former = 'former-secret-of-the-same-channel'
const botUserId = 'U7c1f0e9d8b7a6c5d4e3f2a1b0c9d8e7f'
const sign = (body: Buffer | string, secret: string = settings.channelSecret) => createHmac('sha256', secret).update(body).digest('base64')
const request = (body: Buffer | string, signature: string | undefined) => ({
  method: 'POST',
  path: '',
  publicUrl: '',
  headers: { 'x-line-signature': signature },
  body: Buffer.from(body),
})
const verifier = (changes: object = {}) =>
  createVerify(lineConfigSchema.parse({ ...settings, ...changes }), () => Date.parse('2026-01-05T00:00:00Z'))

describe('x-line-signature', () => {
  it('agrees with the SDK on any bytes', () => {
    const verify = verifier()
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (bytes, honest) => {
        const body = Buffer.from(bytes)
        const signature = sign(honest ? body : Buffer.concat([body, Buffer.from(' ')]))
        expect(verify(request(body, signature))).toBe(validateSignature(body, settings.channelSecret, signature))
        expect(verify(request(body, signature))).toBe(honest)
      }),
    )
  })

  it('takes the former secret while there is one', () => {
    const body = '{"events":[]}'
    expect(verifier({ previousChannelSecret: former })(request(body, sign(body, former)))).toBe(true)
    expect(verifier({ previousChannelSecret: former })(request(body, sign(body)))).toBe(true)
    expect(verifier()(request(body, sign(body, former)))).toBe(false)
  })

  it.each([undefined, '', 'x', `${'A'.repeat(43)}=`, '漢'.repeat(44), 'A'.repeat(10_000)])('refuses %j', (signature) => {
    expect(verifier()(request('{}', signature))).toBe(false)
  })

  it.each([
    ['its own', `{"destination":"${botUserId}","events":[]}`, true],
    ['its own, with blanks', `{ "destination" : "${botUserId}", "events": [] }`, true],
    ['another account’s', `{"destination":"${botUserId.replace('7', '8')}","events":[]}`, false],
    [
      'another account’s that speaks of this one',
      `{"destination":"U0","events":[{"message":{"text":"\\"destination\\":\\"${botUserId}\\""}}]}`,
      false,
    ],
    ['none', '{"events":[]}', true],
    ['not readable', '{"destination":', true],
  ])('with the account’s own id known, a signed body whose destination is %s: %s', (_name, body, ok) => {
    expect(verifier({ botUserId })(request(body, sign(body)))).toBe(ok)
  })
})
