import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PhoneAccount, PhoneCustomer } from '../../../src/wire/sandbox.ts'
import { useSendKey } from '../composer/use-send-key.ts'
import { useFormat } from '../i18n/format.ts'
import { Avatar } from '../parts/avatar.tsx'
import { useAddCustomer } from './api.ts'
import css from './customers.module.css'
import { previewOf } from './preview.ts'

interface CustomersProps {
  readonly accounts: readonly PhoneAccount[]
  readonly account: PhoneAccount
  readonly chosenId: string | null
  readonly choose: (customerId: string | null, accountId?: string) => void
}

/** Whose phone to hold. */
export function Customers({ accounts, account, chosenId, choose }: CustomersProps) {
  const { t } = useTranslation()
  return (
    <nav className={css.pane} aria-label={t('customers.title')}>
      {accounts.length > 1 && (
        <label className={css.account}>
          <span>{t('account')}</span>
          <select value={account.id} onChange={(event) => choose(null, event.target.value)}>
            {accounts.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <h2 className={css.title}>{t('customers.title')}</h2>
      <ul className={css.list}>
        {account.customers.map((customer) => (
          <li key={customer.id}>
            <Row customer={customer} chosen={customer.id === chosenId} onChoose={() => choose(customer.id)} />
          </li>
        ))}
      </ul>
      <AddCustomer accountId={account.id} onAdded={choose} />
    </nav>
  )
}

function Row({ customer, chosen, onChoose }: { customer: PhoneCustomer; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { newest } = customer
  const state = customer.blocked ? t('customers.blocked') : customer.friend ? null : t('customers.stranger')
  return (
    <button type="button" className={css.row} aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <Avatar id={customer.id} name={customer.name} url={customer.pictureUrl} size={40} />
      <span className={css.name}>
        <span className="cut">{customer.name}</span>
        {state !== null && <span className={css.state}>{state}</span>}
      </span>
      <span className={`${css.when} figures`}>{newest ? format.dateTime(newest.at, Date.now()) : ''}</span>
      <span className={`${css.preview} cut`}>{previewOf(t, newest)}</span>
    </button>
  )
}

function AddCustomer({ accountId, onAdded }: { accountId: string; onAdded: (customerId: string) => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState<string | null>(null)
  const add = useAddCustomer(accountId)
  const submit = (): void => {
    const wanted = name?.trim() ?? ''
    if (wanted === '' || add.isPending) return
    add.mutate(wanted, {
      onSuccess: ({ id }) => {
        setName(null)
        onAdded(id)
      },
    })
  }
  const sendKey = useSendKey(submit)
  if (name === null) {
    return (
      <button type="button" className={css.add} onClick={() => setName('')}>
        <Plus size={16} aria-hidden="true" />
        {t('customers.add')}
      </button>
    )
  }
  return (
    <div className={css.form}>
      <input
        className={css.input}
        aria-label={t('customers.name')}
        placeholder={t('customers.namePlaceholder')}
        maxLength={20}
        value={name}
        // biome-ignore lint/a11y/noAutofocus: the field replaces the button that was just pressed.
        autoFocus
        onChange={(event) => setName(event.target.value)}
        {...sendKey}
      />
      <button type="button" className={css.create} disabled={name.trim() === '' || add.isPending} onClick={submit}>
        {t('customers.create')}
      </button>
      <button type="button" className={css.cancel} onClick={() => setName(null)}>
        {t('customers.cancel')}
      </button>
      {add.error && (
        <p className={css.error} role="alert">
          {t('failed', { detail: add.error.message })}
        </p>
      )}
    </div>
  )
}
