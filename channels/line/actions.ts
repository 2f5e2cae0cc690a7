import type { messagingApi } from '@line/bot-sdk'
import type { Button, QuickReply } from '../../src/wire/cards.ts'

/** What touching a button does, in the platform's form. Source: Messaging API reference, "Action objects". */
export function actionOf(button: Button): messagingApi.Action {
  const { label } = button
  switch (button.type) {
    case 'say':
      return { type: 'message', label, text: button.text }
    case 'reply':
      // The customer sees what they chose; only the hub sees the data.
      return { type: 'postback', label, data: button.data, displayText: label }
    case 'open':
      return { type: 'uri', label, uri: button.url }
    case 'pick': {
      const { data, mode, initial, min, max } = button
      return {
        type: 'datetimepicker',
        label,
        data,
        mode,
        ...(initial !== undefined && { initial }),
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
      }
    }
  }
}

/** Suggested answers in the platform's form. Source: Messaging API reference, "Quick reply". */
export function quickReplyOf(items: readonly QuickReply[]): messagingApi.QuickReply {
  return { items: items.map((item) => ({ type: 'action', action: quickActionOf(item) })) }
}

function quickActionOf(item: QuickReply): messagingApi.Action {
  switch (item.type) {
    case 'location':
      return { type: 'location', label: item.label }
    case 'camera':
      return { type: 'camera', label: item.label }
    case 'camera_roll':
      return { type: 'cameraRoll', label: item.label }
    case 'say':
    case 'reply':
    case 'open':
    case 'pick':
      return actionOf(item)
  }
}
