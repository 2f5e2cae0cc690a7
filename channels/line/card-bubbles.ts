import type { messagingApi } from '@line/bot-sdk'
import type { CardBody } from '../../src/wire/cards.ts'
import type { OutboundPart } from '../contract.ts'
import { actionOf } from './actions.ts'

type OutboundCard = Extract<OutboundPart, { type: 'card' }>
type ImageMap = Extract<CardBody, { kind: 'image_map' }>

/** Width in which an image map's areas are measured. Source: Messaging API reference, "Imagemap message". */
const imageMapWidth = 1040

/** Turns a card into the platform's template, image map or Flex message. */
export function cardBubble({ altText, body, urls }: OutboundCard): messagingApi.Message {
  switch (body.kind) {
    case 'flex':
      return { type: 'flex', altText, contents: flexOf(body.contents) }
    case 'image_map':
      return imageMapOf(altText, body, urls)
    case 'buttons':
    case 'confirm':
    case 'carousel':
    case 'image_carousel':
      return { type: 'template', altText, template: templateOf(body, urls) }
  }
}

/** Written by whoever sends it and checked by the platform: of its many members the hub knows the outermost. */
function flexOf(contents: object): messagingApi.FlexContainer {
  return contents as messagingApi.FlexContainer
}

type TemplateBody = Exclude<CardBody, { kind: 'flex' | 'image_map' }>

function templateOf(body: TemplateBody, urls: OutboundCard['urls']): messagingApi.Template {
  switch (body.kind) {
    case 'buttons':
      return { type: 'buttons', ...headOf(body, urls), actions: body.buttons.map(actionOf) }
    case 'confirm':
      return { type: 'confirm', text: body.text, actions: body.buttons.map(actionOf) }
    case 'carousel':
      return { type: 'carousel', columns: body.columns.map((c) => ({ ...headOf(c, urls), actions: c.buttons.map(actionOf) })) }
    case 'image_carousel':
      return {
        type: 'image_carousel',
        columns: body.columns.map((c) => ({ imageUrl: urls[c.imageFileId] ?? '', action: actionOf(c.button) })),
      }
  }
}

function headOf(
  { title, text, imageFileId }: { title?: string | undefined; text: string; imageFileId?: string | undefined },
  urls: OutboundCard['urls'],
): { title?: string; text: string; thumbnailImageUrl?: string } {
  const thumbnailImageUrl = imageFileId === undefined ? undefined : urls[imageFileId]
  return { text, ...(title !== undefined && { title }), ...(thumbnailImageUrl !== undefined && { thumbnailImageUrl }) }
}

/** The platform asks for `baseUrl/1040`, `/700` and so on; what stands behind the token of our address is free. */
function imageMapOf(altText: string, body: ImageMap, urls: OutboundCard['urls']): messagingApi.Message {
  const url = urls[body.imageFileId] ?? ''
  return {
    type: 'imagemap',
    altText,
    baseUrl: url.slice(0, url.lastIndexOf('/')),
    baseSize: { width: imageMapWidth, height: body.height },
    actions: body.areas.map(({ button, ...area }) =>
      button.type === 'say'
        ? { type: 'message', label: button.label, text: button.text, area }
        : { type: 'uri', label: button.label, linkUri: button.url, area },
    ),
  }
}
