import { ActionIcon, Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../src/wire/contacts.ts'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { contactApi } from './contact-api.ts'
import css from './contact-panel.module.css'

interface Draft {
  readonly name: string
  readonly company: string
  readonly fields: readonly { readonly key: number; readonly name: string; readonly value: string }[]
}

let made = 0
function newField(name = '', value = '') {
  made += 1
  return { key: made, name, value }
}

function draftOf(contact: Contact): Draft {
  return {
    name: contact.name,
    company: contact.company?.name ?? '',
    fields: Object.entries(contact.fields).map(([name, value]) => newField(name, value)),
  }
}

function FieldRow(props: {
  name: string
  value: string
  onChange: (changes: { name?: string; value?: string }) => void
  onRemove: () => void
}) {
  const { t } = useTranslation()
  return (
    <div className={css.fieldRow}>
      <TextInput
        aria-label={t('panel.fieldName')}
        maxLength={60}
        value={props.name}
        onChange={(e) => props.onChange({ name: e.currentTarget.value })}
      />
      <TextInput
        aria-label={t('panel.fieldValue')}
        maxLength={2_000}
        value={props.value}
        onChange={(e) => props.onChange({ value: e.currentTarget.value })}
      />
      <ActionIcon aria-label={t('panel.removeField', { name: props.name })} onClick={props.onRemove}>
        <Trash2 size={15} />
      </ActionIcon>
    </div>
  )
}

function FieldsForm({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [draft, setDraft] = useState(() => draftOf(contact))
  const save = useMutation({
    mutationFn: () =>
      contactApi.change(contact.id, {
        name: draft.name.trim(),
        company: draft.company.trim() || null,
        fields: Object.fromEntries(draft.fields.filter((f) => f.name.trim()).map((f) => [f.name.trim(), f.value])),
      }),
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const change = (key: number, changes: { name?: string; value?: string }) =>
    setDraft({ ...draft, fields: draft.fields.map((f) => (f.key === key ? { ...f, ...changes } : f)) })
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput
        label={t('panel.name')}
        required
        withAsterisk={false}
        maxLength={200}
        value={draft.name}
        onChange={(e) => setDraft({ ...draft, name: e.currentTarget.value })}
      />
      <TextInput
        label={t('panel.company')}
        maxLength={200}
        value={draft.company}
        onChange={(e) => setDraft({ ...draft, company: e.currentTarget.value })}
      />
      {draft.fields.map((field) => (
        <FieldRow
          key={field.key}
          name={field.name}
          value={field.value}
          onChange={(changes) => change(field.key, changes)}
          onRemove={() => setDraft({ ...draft, fields: draft.fields.filter((f) => f.key !== field.key) })}
        />
      ))}
      <Button
        variant="subtle"
        leftSection={<Plus size={15} />}
        onClick={() => setDraft({ ...draft, fields: [...draft.fields, newField()] })}
      >
        {t('panel.addField')}
      </Button>
      {save.isError && (
        <p role="alert" className={css.error}>
          {sentence(save.error)}
        </p>
      )}
      <div className={css.formActs}>
        <Button variant="default" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}

/** What is known of a customer, field by field; editable by those who may. */
export function ContactFields({ contact, mayWrite }: { contact: Contact; mayWrite: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [editing, setEditing] = useState(false)
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <h4>{t('panel.fields')}</h4>
        {mayWrite && !editing && (
          <button type="button" className={css.link} onClick={() => setEditing(true)}>
            {t('common.edit')}
          </button>
        )}
      </div>
      {editing ? (
        <FieldsForm contact={contact} onDone={() => setEditing(false)} />
      ) : (
        <dl className={css.fields}>
          {contact.locale && (
            <>
              <dt>{t('panel.language')}</dt>
              <dd>{contact.locale}</dd>
            </>
          )}
          <dt>{t('panel.since')}</dt>
          <dd>{format.date(contact.createdAt)}</dd>
          {Object.entries(contact.fields).map(([name, value]) => (
            <FieldPair key={name} name={name} value={value} />
          ))}
        </dl>
      )}
    </section>
  )
}

function FieldPair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  )
}
