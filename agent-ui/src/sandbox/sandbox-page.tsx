import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PhoneAccount } from '../../../src/wire/sandbox.ts'
import type { Locale } from '../../../src/wire/words.ts'
import { localeNames } from '../i18n/index.ts'
import { Mark } from '../parts/mark.tsx'
import { useChanges, usePhones } from './api.ts'
import { Customers } from './customers.tsx'
import { Guide } from './guide.tsx'
import { showSandboxLanguage } from './language.ts'
import { MailPage } from './mail/mail-page.tsx'
import { Phone } from './phone.tsx'
import css from './sandbox-page.module.css'
import { Shop } from './shop.tsx'
import { SmsPage } from './sms/sms-page.tsx'
import { type Place, usePlace } from './use-place.ts'

/** The demo from the customers' side: their phones with LINE, and a shop page with the chat widget. */
export function SandboxPage() {
  const [place, go] = usePlace()
  const heard = useChanges()
  const { t } = useTranslation()
  return (
    <div className={css.page}>
      <TopBar place={place} go={go} />
      {!heard && (
        <p className={css.offline} role="status">
          {t('offline')}
        </p>
      )}
      {place.tab === 'mail' && <MailPage chosen={place.address} choose={(address) => go({ tab: 'mail', address })} />}
      {place.tab === 'shop' && <Shop />}
      {place.tab === 'line' && <Phones place={place} go={go} />}
      {place.tab === 'sms' && (
        <SmsPage
          accountId={place.accountId}
          customerId={place.customerId}
          choose={(accountId, customerId) => go({ tab: 'sms', accountId, customerId })}
        />
      )}
    </div>
  )
}

interface Navigation {
  readonly place: Place
  readonly go: (place: Place) => void
}

function TopBar({ place, go }: Navigation) {
  const { t, i18n } = useTranslation()
  const tab = (name: Place['tab'], to: Place) => (
    <button type="button" className={css.tab} aria-current={place.tab === name ? 'page' : undefined} onClick={() => go(to)}>
      {t(`tabs.${name}`)}
    </button>
  )
  return (
    <header className={css.bar}>
      <div className={css.brand}>
        <Mark size={26} />
        <h1 className={css.title}>
          {t('title')} <span className={css.subtitle}>{t('subtitle')}</span>
        </h1>
      </div>
      <nav className={css.tabs} aria-label={t('tabs.label')}>
        {tab('line', { tab: 'line', accountId: null, customerId: null })}
        {tab('sms', { tab: 'sms', accountId: null, customerId: null })}
        {tab('mail', { tab: 'mail', address: null })}
        {tab('shop', { tab: 'shop' })}
      </nav>
      <div className={css.tools}>
        <select
          className={css.language}
          aria-label={t('language')}
          value={i18n.language}
          onChange={(event) => void showSandboxLanguage(event.target.value as Locale)}
        >
          {Object.entries(localeNames).map(([locale, name]) => (
            <option key={locale} value={locale}>
              {name}
            </option>
          ))}
        </select>
        <a className={css.console} href="/" target="_blank" rel="noreferrer" aria-label={t('console')}>
          <span>{t('console')}</span>
          <ExternalLink size={14} aria-hidden="true" />
        </a>
      </div>
    </header>
  )
}

/** Whoever wrote or was written to last comes first. */
function newestFirst(account: PhoneAccount | undefined): PhoneAccount | undefined {
  return account && { ...account, customers: account.customers.toSorted((a, b) => (b.newest?.at ?? 0) - (a.newest?.at ?? 0)) }
}

function Phones({ place, go }: { place: Extract<Place, { accountId: string | null }>; go: Navigation['go'] }) {
  const { t } = useTranslation()
  const { data, error } = usePhones()
  if (!data) return <p className={css.notice}>{error ? t('failed', { detail: error.message }) : t('loading')}</p>
  const accounts = data.accounts.filter(({ kind }) => kind !== 'sms')
  const account = newestFirst(accounts.find(({ id }) => id === place.accountId) ?? accounts[0])
  if (!account) {
    return (
      <div className={css.notice}>
        <h2>{t('empty.title')}</h2>
        <p>{t('empty.text')}</p>
      </div>
    )
  }
  const chosen = account.customers.find(({ id }) => id === place.customerId) ?? null
  // A wide page shows somebody at once; a narrow one begins with the list.
  const shown = chosen ?? account.customers[0] ?? null
  const choose = (customerId: string | null, accountId = account.id): void => go({ tab: 'line', accountId, customerId })
  return (
    <main className={css.line} data-chosen={chosen !== null}>
      <Customers accounts={accounts} account={account} chosenId={shown?.id ?? null} choose={choose} />
      <div className={css.stage}>
        {shown && (
          <Phone
            key={`${account.id}/${shown.id}`}
            accountId={account.id}
            accountName={account.name}
            customer={shown}
            onBack={() => choose(null)}
          />
        )}
      </div>
      <Guide accountId={account.id} />
    </main>
  )
}
