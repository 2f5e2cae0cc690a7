import type { SendError } from '../../src/wire/messages.ts'
import type { Outbound, OutboundPart } from '../contract.ts'
import type { SmsConfig } from './config.ts'
import { smsLimits } from './limits.ts'

/** What a message asks of the Messages resource. */
export interface SmsForm {
  readonly to: string
  readonly body?: string
  readonly mediaUrl?: string[]
}

type Medium = Extract<OutboundPart, { type: 'media' }>

/** Kinds of files that phones take by MMS. Source: Twilio, "Accepted content types for media". */
const mmsTypes =
  /^(?:image\/(?:jpeg|png|gif)|video\/(?:mp4|3gpp|quicktime)|audio\/(?:mpeg|mp4|ogg|amr|3gpp)|application\/pdf|text\/(?:vcard|calendar))$/

/** Puts the parts of a message into one call: its texts under each other, files as media or as links below them. */
export function composeSms(config: Pick<SmsConfig, 'files' | 'from'>, out: Pick<Outbound, 'threadKey' | 'parts'>): SmsForm | SendError {
  const lines: string[] = []
  const files: Medium[] = []
  for (const part of out.parts) {
    if (part.type === 'text') lines.push(part.text)
    else if (part.type === 'media') files.push(part)
    else return { code: 'unsupported', detail: 'SMS carries texts and files only.' }
  }
  const { carried, linked } = divide(files, wayOf(config, out.threadKey))
  const body = [...lines, ...linked.map(({ url }) => url)].join('\n')
  if (body.length > smsLimits.textChars) {
    const detail = `The text has ${body.length} characters with its links; a message takes ${smsLimits.textChars}.`
    return { code: 'too_long', detail }
  }
  if (body === '' && carried.length === 0) return { code: 'empty', detail: 'There is nothing to send.' }
  return { to: out.threadKey, ...(body !== '' && { body }), ...(carried.length > 0 && { mediaUrl: carried.map(({ url }) => url) }) }
}

type Way = 'mms' | 'whatsapp' | 'link'

/** Carriers outside of North America have no MMS; Twilio would refuse it there. */
function wayOf({ files, from }: Pick<SmsConfig, 'files' | 'from'>, to: string): Way {
  if (to.startsWith('whatsapp:')) return 'whatsapp'
  if (files !== 'auto') return files
  return to.startsWith('+1') && (from === undefined || /^(?:\+1\d|\d{5,6}$)/.test(from)) ? 'mms' : 'link'
}

function divide(files: readonly Medium[], way: Way): { carried: Medium[]; linked: Medium[] } {
  const carried: Medium[] = []
  const linked: Medium[] = []
  let left: number = way === 'whatsapp' ? smsLimits.whatsappBytes : smsLimits.mediaBytes
  const most = way === 'link' ? 0 : way === 'whatsapp' ? 1 : smsLimits.media
  for (const file of files) {
    if (carried.length < most && file.bytes <= left && (way === 'whatsapp' || mmsTypes.test(file.mime))) {
      carried.push(file)
      left -= file.bytes
    } else linked.push(file)
  }
  return { carried, linked }
}
