import { TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MailSuggestion, subjectMaxChars } from '../../../../src/wire/mail.ts'
import css from './mail-composer.module.css'
import { type MailDraft, readAddress, writeAddress } from './mail-drafts.ts'

const maxRecipients = 50

function Recipients(props: { label: string; value: readonly string[]; onChange: (value: string[]) => void }) {
  const { t } = useTranslation()
  const wrong = props.value.filter((text) => readAddress(text) === null)
  return (
    <TagsInput
      size="xs"
      label={props.label}
      classNames={{ root: css.field ?? '', label: css.fieldLabel ?? '', wrapper: css.fieldInput ?? '' }}
      value={[...props.value]}
      onChange={props.onChange}
      maxTags={maxRecipients}
      splitChars={[',', ';', '，', '；']}
      acceptValueOnBlur
      error={wrong.length > 0 ? t('mailComposer.wrongAddress', { address: wrong[0] }) : undefined}
    />
  )
}

/** To whom a mail goes, and about what. */
export function MailFields(props: { draft: MailDraft; suggestion: MailSuggestion; onChange: (changes: Partial<MailDraft>) => void }) {
  const { t } = useTranslation()
  const { draft, suggestion, onChange } = props
  const cc = draft.cc ?? []
  const bcc = draft.bcc ?? []
  const [more, setMore] = useState(cc.length + bcc.length > 0)
  const { others } = suggestion
  return (
    <div className={css.fields}>
      <div className={css.row}>
        <Recipients label={t('mail.toLabel')} value={draft.to ?? suggestion.to.map(writeAddress)} onChange={(to) => onChange({ to })} />
        {!more && (
          <button type="button" className={css.more} onClick={() => setMore(true)}>
            {t('mailComposer.ccBcc')}
          </button>
        )}
        {others.length > 0 && draft.cc === undefined && (
          <button
            type="button"
            className={css.more}
            onClick={() => {
              onChange({ cc: others.map(writeAddress) })
              setMore(true)
            }}
          >
            {t('mailComposer.replyAll', { count: others.length })}
          </button>
        )}
      </div>
      {more && <Recipients label={t('mail.cc')} value={cc} onChange={(value) => onChange({ cc: value })} />}
      {more && <Recipients label={t('mail.bcc')} value={bcc} onChange={(value) => onChange({ bcc: value })} />}
      <TextInput
        size="xs"
        label={t('mailComposer.subject')}
        classNames={{ root: css.field ?? '', label: css.fieldLabel ?? '', wrapper: css.fieldInput ?? '' }}
        maxLength={subjectMaxChars}
        value={draft.subject ?? suggestion.subject}
        onChange={(event) => onChange({ subject: event.currentTarget.value })}
      />
    </div>
  )
}
