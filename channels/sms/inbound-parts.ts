import type { InboundPart } from '../contract.ts'
import { countField, type Form, field, rawField } from '../twilio/form.ts'

/** Media of one message. Source: Twilio, "Incoming message webhook", `NumMedia`. */
const maxMedia = 10

/** What a message holds: text, media, and what WhatsApp adds (a place, a touched button). */
export function partsOf(form: Form): InboundPart[] {
  const media = Array.from({ length: Math.min(maxMedia, countField(form, 'NumMedia') ?? 0) }, (_, at) => mediumOf(form, at))
  const place = placeOf(form)
  const choice = choiceOf(form)
  const text = field(form, 'Body', 20_000)
  // A touched button repeats its label as text.
  const texts: InboundPart[] = text === undefined || choice !== null ? [] : [{ type: 'text', text }]
  return [...texts, ...media.filter((part) => part !== null), ...(place === null ? [] : [place]), ...(choice === null ? [] : [choice])]
}

/** Only a hint: what the bytes are is seen when they are fetched. */
function mediumOf(form: Form, at: number): InboundPart | null {
  const url = rawField(form, `MediaUrl${at}`)
  if (url === undefined) return null
  const mime = field(form, `MediaContentType${at}`, 127)
  const kind = /^(image|video|audio)\//.exec(mime ?? '')?.[1]
  return {
    type: 'media',
    kind: kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'file',
    source: { url: url.slice(0, 2_000) },
    ...(mime !== undefined && { mime }),
  }
}

function placeOf(form: Form): InboundPart | null {
  const latitude = Number(rawField(form, 'Latitude') ?? Number.NaN)
  const longitude = Number(rawField(form, 'Longitude') ?? Number.NaN)
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null
  const title = field(form, 'Label', 100)
  const address = field(form, 'Address', 300)
  return { type: 'location', latitude, longitude, ...(title !== undefined && { title }), ...(address !== undefined && { address }) }
}

function choiceOf(form: Form): InboundPart | null {
  const data = field(form, 'ButtonPayload', 1_000) ?? field(form, 'ListId', 1_000)
  if (data === undefined) return null
  const label = field(form, 'ButtonText', 300) ?? field(form, 'ListTitle', 300) ?? field(form, 'Body', 300)
  return { type: 'choice', data, ...(label !== undefined && { label }) }
}
