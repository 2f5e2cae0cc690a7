import { CloseButton, TextInput } from '@mantine/core'
import { Search as SearchIcon } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { searchQueryMaxChars } from '../../../src/wire/search.ts'
import { useSendKey } from '../composer/use-send-key.ts'

/** Time after the last key press after which a search begins by itself. */
const settleMs = 250

/** The field of a search. Text that an input method is still composing is never searched. */
export function SearchField(props: { value: string; field: RefObject<HTMLInputElement | null>; onSearch: (q: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(props.value)
  const [composing, setComposing] = useState(false)
  const { value, onSearch } = props
  const sent = useRef(value)
  // The address may change by itself: back, forward, a link.
  useEffect(() => {
    if (value !== sent.current) setText(value)
    sent.current = value
  }, [value])
  const search = (q: string) => {
    const wanted = q.trim()
    if (wanted === sent.current.trim()) return
    sent.current = q
    onSearch(q)
  }
  const latest = useRef(search)
  latest.current = search
  useEffect(() => {
    if (composing) return
    const timer = setTimeout(() => latest.current(text), settleMs)
    return () => clearTimeout(timer)
  }, [text, composing])
  const keys = useSendKey(() => search(text))
  return (
    <TextInput
      ref={props.field}
      type="search"
      data-autofocus
      size="md"
      value={text}
      maxLength={searchQueryMaxChars}
      aria-label={t('search.field')}
      placeholder={t('search.placeholder')}
      leftSection={<SearchIcon size={17} aria-hidden="true" />}
      rightSection={text === '' ? null : <CloseButton aria-label={t('search.clear')} onClick={() => setText('')} />}
      onChange={(event) => setText(event.currentTarget.value)}
      {...keys}
      onCompositionStart={() => {
        setComposing(true)
        keys.onCompositionStart()
      }}
      onCompositionEnd={(event) => {
        setComposing(false)
        keys.onCompositionEnd(event)
      }}
    />
  )
}
