import { ActionIcon, Popover } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { AtSign, Smile } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contactApi } from '../contact/contact-api.ts'
import { emojiUrl } from '../thread/parts/sticker-url.ts'
import css from './composer.module.css'
import type { Mark } from './marks.ts'

interface Pick {
  readonly onPick: (mark: Mark) => void
}

function Chooser(props: { label: string; icon: ReactNode; children: (close: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={300} trapFocus>
      <Popover.Target>
        <ActionIcon aria-label={props.label} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {props.icon}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={8}>{opened && props.children(() => setOpened(false))}</Popover.Dropdown>
    </Popover>
  )
}

function Participants({ conversationId, onPick }: Pick & { conversationId: string }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['participants', conversationId],
    queryFn: ({ signal }) => contactApi.participants(conversationId, signal),
  })
  const people = [{ externalId: 'all', name: 'All' }, ...(data?.items ?? [])]
  return (
    <fieldset className={css.choices} aria-label={t('mark.members')}>
      {people.map(({ externalId, name }) => (
        <button type="button" key={externalId} onClick={() => onPick({ words: `@${name}`, kind: 'mention', value: externalId })}>
          @{name}
        </button>
      ))}
    </fieldset>
  )
}

/** Mentions a member of the group. */
export function MentionButton({ conversationId, onPick }: Pick & { conversationId: string }) {
  const { t } = useTranslation()
  return (
    <Chooser label={t('mark.mention')} icon={<AtSign size={18} />}>
      {(close) => (
        <Participants
          conversationId={conversationId}
          onPick={(mark) => {
            close()
            onPick(mark)
          }}
        />
      )}
    </Chooser>
  )
}

/** A set that official accounts may send. Source: LINE Developers, "List of available LINE emojis". */
const product = '5ac1bfd5040ab15980c9b435'
const emojiIds = Array.from({ length: 60 }, (_, at) => String(at + 1).padStart(3, '0'))

/** Puts one of LINE's own pictures into the text. */
export function EmojiButton({ onPick }: Pick) {
  const { t } = useTranslation()
  return (
    <Chooser label={t('mark.emoji')} icon={<Smile size={18} />}>
      {(close) => (
        <fieldset className={css.choices} aria-label={t('mark.emoji')}>
          {emojiIds.map((id) => {
            const mark: Mark = { words: `(line${id})`, kind: 'emoji', value: `${product}/${id}` }
            return (
              <button
                type="button"
                key={id}
                aria-label={t('mark.emojiOf', { id })}
                onClick={() => {
                  close()
                  onPick(mark)
                }}
              >
                <img src={emojiUrl(mark.value) ?? ''} alt={id} width={22} height={22} loading="lazy" referrerPolicy="no-referrer" />
              </button>
            )
          })}
        </fieldset>
      )}
    </Chooser>
  )
}
