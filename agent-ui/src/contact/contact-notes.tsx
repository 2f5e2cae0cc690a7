import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/preferences.ts'
import { useSendKey } from '../composer/use-send-key.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useNow } from '../live/use-now.ts'
import { contactApi } from './contact-api.ts'
import css from './contact-panel.module.css'

function useNotes(contactId: string) {
  const queries = useQueryClient()
  const notes = useQuery({ queryKey: ['contact-notes', contactId], queryFn: ({ signal }) => contactApi.notes(contactId, signal) })
  const add = useMutation({
    mutationFn: (text: string) => contactApi.addNote(contactId, text),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['contact-notes', contactId] }),
  })
  return { notes: notes.data?.items ?? [], add }
}

/** What colleagues have noted about the customer, newest first. */
export function ContactNotes({ contactId, mayWrite }: { contactId: string; mayWrite: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const now = useNow(60_000)
  const { notes, add } = useNotes(contactId)
  const [text, setText] = useState('')
  const submit = () => {
    if (text.trim() === '') return
    add.mutate(text.trim(), { onSuccess: () => setText('') })
  }
  const keys = useSendKey(
    submit,
    usePreferences((p) => p.sendKey),
  )
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h4>{t('panel.notes')}</h4>
      </div>
      {mayWrite && (
        <div className={css.form}>
          <Textarea
            aria-label={t('panel.noteLabel')}
            placeholder={t('panel.noteLabel')}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={4_000}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
            {...keys}
          />
          {text.trim() !== '' && (
            <div className={css.formActs}>
              <Button loading={add.isPending} onClick={submit}>
                {t('panel.addNote')}
              </Button>
            </div>
          )}
          {add.isError && (
            <p role="alert" className={css.error}>
              {sentence(add.error)}
            </p>
          )}
        </div>
      )}
      <ul className={css.notes}>
        {notes.map((note) => (
          <li key={note.id}>
            <span className={css.noteHead}>
              <bdi>{note.author.name}</bdi>
              <time>{format.dateTime(note.createdAt, now)}</time>
            </span>
            <p>{note.text}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
