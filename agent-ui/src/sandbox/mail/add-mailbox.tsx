import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './mail.module.css'
import { useAddMailbox } from './mail-api.ts'

/** Makes a mailbox for one more customer. */
export function AddMailbox({ onAdded }: { onAdded: (address: string) => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<{ name: string; address: string } | null>(null)
  const add = useAddMailbox()
  if (form === null) {
    return (
      <button type="button" className={css.plain} onClick={() => setForm({ name: '', address: '' })}>
        <Plus size={15} aria-hidden="true" />
        {t('customers.add')}
      </button>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(form, {
      onSuccess: ({ address }) => {
        setForm(null)
        onAdded(address)
      },
    })
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <label>
        <span>{t('customers.name')}</span>
        <input required maxLength={40} value={form.name} onChange={(e) => setForm({ ...form, name: e.currentTarget.value })} />
      </label>
      <label>
        <span>{t('mail.address')}</span>
        <input type="email" required value={form.address} onChange={(e) => setForm({ ...form, address: e.currentTarget.value })} />
      </label>
      {add.error && <p role="alert">{t('failed', { detail: add.error.message })}</p>}
      <div className={css.formFoot}>
        <button type="submit" className={css.primary} disabled={add.isPending}>
          {t('customers.create')}
        </button>
        <button type="button" className={css.plain} onClick={() => setForm(null)}>
          {t('customers.cancel')}
        </button>
      </div>
    </form>
  )
}
