import { Mail, MessageCircle, MessageSquareText, MessagesSquare, Phone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ChannelId } from '../../../src/wire/words.ts'

const icons = { phone: Phone, sms: MessageSquareText, line: MessageCircle, email: Mail, webchat: MessagesSquare } as const

/** The sign of a channel, with its name for those who cannot see it. */
export function ChannelIcon({ channel, size = 14 }: { channel: ChannelId; size?: number }) {
  const { t } = useTranslation()
  const Icon = icons[channel]
  return <Icon size={size} strokeWidth={1.75} role="img" aria-label={t(`channel.${channel}`)} style={{ flex: 'none' }} />
}
