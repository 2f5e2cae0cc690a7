import { type ChangeEvent, type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Mailbox, type MailboxEntry, sandboxFilesMaxBytes } from '../../../../src/wire/mailbox.ts'
import css from './mail.module.css'
import { useWriteMail } from './mail-api.ts'

interface ChosenFile {
  readonly name: string
  readonly mime: string
  readonly base64: string
  readonly bytes: number
}

async function read(file: File): Promise<ChosenFile> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return { name: file.name, mime: file.type, base64: btoa(text), bytes: bytes.length }
}

/** Where a customer writes a mail, also as HTML with a picture from elsewhere, to see what the console makes of it. */
export function MailForm(props: { box: Mailbox; to: string; answers: MailboxEntry | null; onDone: () => void }) {
  const { t } = useTranslation()
  const { box, to, answers, onDone } = props
  const [subject, setSubject] = useState(answers === null ? '' : `Re: ${answers.subject.replace(/^re:\s*/i, '')}`)
  const [text, setText] = useState('')
  const [asHtml, setAsHtml] = useState(false)
  const [files, setFiles] = useState<readonly ChosenFile[]>([])
  const write = useWriteMail(box.address)
  const tooLarge = files.reduce((sum, { bytes }) => sum + bytes, 0) > sandboxFilesMaxBytes
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '' || tooLarge || write.isPending) return
    const sent = files.map(({ name, mime, base64 }) => ({ name, mime, base64 }))
    write.mutate({ to, subject, text, html: asHtml ? text : null, answers: answers?.id ?? null, files: sent }, { onSuccess: onDone })
  }
  const pick = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(event.currentTarget.files ?? [])].slice(0, 5)
    setFiles(await Promise.all(chosen.map(read)))
  }
  return (
    <form className={css.form} onSubmit={submit} aria-label={t('mail.write')}>
      <p className={css.faint}>{t('mail.toLine', { address: to })}</p>
      <label>
        <span>{t('mail.subject')}</span>
        <input value={subject} maxLength={250} onChange={(e) => setSubject(e.currentTarget.value)} />
      </label>
      <label>
        <span>{t('mail.text')}</span>
        <textarea rows={6} value={text} maxLength={20_000} onChange={(e) => setText(e.currentTarget.value)} />
      </label>
      <label className={css.check}>
        <input type="checkbox" checked={asHtml} onChange={(e) => setAsHtml(e.currentTarget.checked)} />
        <span>{t('mail.asHtml')}</span>
      </label>
      <label>
        <span>{t('mail.files')}</span>
        <input type="file" multiple onChange={(e) => void pick(e)} />
      </label>
      {tooLarge && <p role="alert">{t('mail.tooLarge')}</p>}
      {write.error && <p role="alert">{t('failed', { detail: write.error.message })}</p>}
      <div className={css.formFoot}>
        <button type="submit" className={css.primary} disabled={text.trim() === '' || tooLarge || write.isPending}>
          {t('mail.send')}
        </button>
        <button type="button" className={css.plain} onClick={onDone}>
          {t('customers.cancel')}
        </button>
      </div>
    </form>
  )
}
