import { useTranslation } from 'react-i18next'
import { usePhones } from '../api.ts'
import { Customers } from '../customers.tsx'
import page from '../sandbox-page.module.css'
import { SmsGuide } from './sms-guide.tsx'
import { SmsPhone } from './sms-phone.tsx'

interface SmsPageProps {
  readonly accountId: string | null
  readonly customerId: string | null
  readonly choose: (accountId: string, customerId: string | null) => void
}

/** Customers with nothing but a telephone: their messages with each of our numbers. */
export function SmsPage({ accountId, customerId, choose }: SmsPageProps) {
  const { t } = useTranslation()
  const { data, error } = usePhones()
  if (!data) return <p className={page.notice}>{error ? t('failed', { detail: error.message }) : t('loading')}</p>
  const accounts = data.accounts.filter(({ kind }) => kind === 'sms')
  const account = accounts.find(({ id }) => id === accountId) ?? accounts[0]
  if (!account) {
    return (
      <div className={page.notice}>
        <h2>{t('sms.empty.title')}</h2>
        <p>{t('sms.empty.text')}</p>
      </div>
    )
  }
  const customers = account.customers.toSorted((a, b) => (b.newest?.at ?? 0) - (a.newest?.at ?? 0))
  const chosen = customers.find(({ id }) => id === customerId) ?? null
  // A wide page shows somebody at once; a narrow one begins with the list.
  const shown = chosen ?? customers[0] ?? null
  return (
    <main className={page.line} data-chosen={chosen !== null}>
      <Customers
        accounts={accounts}
        account={{ ...account, customers }}
        chosenId={shown?.id ?? null}
        choose={(customer, number = account.id) => choose(number, customer)}
      />
      <div className={page.stage}>
        {shown && (
          <SmsPhone
            key={`${account.id}/${shown.id}`}
            accountId={account.id}
            accountName={account.name}
            customer={shown}
            onBack={() => choose(account.id, null)}
          />
        )}
      </div>
      <SmsGuide />
    </main>
  )
}
