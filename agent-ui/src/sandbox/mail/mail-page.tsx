import { Paperclip, PenLine, Reply } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mailbox, MailboxEntry } from '../../../../src/wire/mailbox.ts'
import { useFormat } from '../../i18n/format.ts'
import { Avatar } from '../../parts/avatar.tsx'
import { AddMailbox } from './add-mailbox.tsx'
import css from './mail.module.css'
import { mailFileUrl, useMailbox, useMailboxes, useMailChanges } from './mail-api.ts'
import { MailForm } from './mail-form.tsx'

/** Customers' mailboxes: what the centre sent them, and where they write to it. */
export function MailPage({ chosen, choose }: { chosen: string | null; choose: (address: string) => void }) {
  const { t } = useTranslation()
  const { data, error } = useMailboxes()
  useMailChanges()
  if (!data) return <p className={css.notice}>{error ? t('failed', { detail: error.message }) : t('loading')}</p>
  const [inbox] = data.inboxes
  if (inbox === undefined) {
    return (
      <div className={css.notice}>
        <h2>{t('mail.emptyTitle')}</h2>
        <p>{t('mail.emptyText')}</p>
      </div>
    )
  }
  const box = data.mailboxes.find(({ address }) => address === chosen) ?? data.mailboxes[0]
  return (
    <main className={css.page}>
      <nav className={css.boxes} aria-label={t('mail.boxes')}>
        {data.mailboxes.map((one) => (
          <BoxRow key={one.address} box={one} chosen={one.address === box?.address} onChoose={() => choose(one.address)} />
        ))}
        <AddMailbox onAdded={choose} />
      </nav>
      {box && <BoxView key={box.address} box={box} to={inbox.address} />}
    </main>
  )
}

function BoxRow({ box, chosen, onChoose }: { box: Mailbox; chosen: boolean; onChoose: () => void }) {
  return (
    <button type="button" className={css.box} aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <Avatar id={box.address} name={box.name} size={34} />
      <span className={css.boxWords}>
        <span className="cut">{box.name}</span>
        <span className={`${css.faint} cut`}>{box.newest?.subject ?? box.address}</span>
      </span>
    </button>
  )
}

function BoxView({ box, to }: { box: Mailbox; to: string }) {
  const { t } = useTranslation()
  const { data } = useMailbox(box.address)
  const [writing, setWriting] = useState<MailboxEntry | 'new' | null>(null)
  const entries = data?.entries.toReversed() ?? []
  return (
    <section className={css.mailbox} aria-label={box.address}>
      <header className={css.top}>
        <div>
          <h2>{box.name}</h2>
          <p className={css.faint}>{box.address}</p>
        </div>
        <button type="button" className={css.primary} onClick={() => setWriting('new')}>
          <PenLine size={15} aria-hidden="true" />
          {t('mail.write')}
        </button>
      </header>
      {writing !== null && (
        <MailForm
          box={box}
          to={writing === 'new' ? to : writing.from.address}
          answers={writing === 'new' ? null : writing}
          onDone={() => setWriting(null)}
        />
      )}
      {entries.length === 0 && <p className={css.faint}>{t('mail.none')}</p>}
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} onReply={entry.by === 'centre' ? () => setWriting(entry) : null} />
      ))}
    </section>
  )
}

function Entry({ entry, onReply }: { entry: MailboxEntry; onReply: (() => void) | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <article className={css.entry} data-by={entry.by}>
      <header className={css.entryHead}>
        <span>
          <b>{entry.from.name ?? entry.from.address}</b> <span className={css.faint}>{entry.from.address}</span>
        </span>
        <time className={css.faint}>{format.dateTime(entry.at, Date.now())}</time>
      </header>
      <h3>{entry.subject}</h3>
      {entry.html === null ? (
        <p className={css.words}>{entry.text}</p>
      ) : (
        <iframe className={css.frame} title={entry.subject} sandbox="" srcDoc={entry.html} />
      )}
      {entry.files.length > 0 && (
        <ul className={css.files}>
          {entry.files.map(({ id, name, bytes }) => (
            <li key={id}>
              <a href={mailFileUrl(id)} download={name}>
                <Paperclip size={13} aria-hidden="true" />
                {name}
              </a>{' '}
              <span className={css.faint}>{format.bytes(bytes)}</span>
            </li>
          ))}
        </ul>
      )}
      {entry.delivery !== null && (
        <p className={css.faint} role={entry.delivery === 'failed' ? 'alert' : undefined}>
          {t(`mail.delivery.${entry.delivery}`)} {entry.refusal}
        </p>
      )}
      {onReply && (
        <button type="button" className={css.plain} onClick={onReply}>
          <Reply size={14} aria-hidden="true" />
          {t('mail.reply')}
        </button>
      )}
    </article>
  )
}
