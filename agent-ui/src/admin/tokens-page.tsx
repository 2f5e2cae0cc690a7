import { Button, Modal, NumberInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useNow } from '../live/use-now.ts'
import { Empty, Failure } from '../parts/notice.tsx'
import { tellFailure } from '../parts/toast.tsx'
import css from './admin.module.css'
import { adminApi } from './admin-api.ts'
import { CopyLine } from './copy-line.tsx'
import { FormFoot } from './form-foot.tsx'

function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState<number | string>(90)
  const make = useMutation({
    mutationFn: () =>
      adminApi.addToken({ name: name.trim(), permissions: ['*'], ...(typeof days === 'number' ? { expiresInDays: days } : {}) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin', 'tokens'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={t('admin.addToken')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {make.data ? (
        <div className={css.form}>
          <p>{t('admin.tokenOnce')}</p>
          <CopyLine value={make.data.token} label={t('admin.token')} />
          <div className={css.foot}>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </div>
        </div>
      ) : (
        <form className={css.form} onSubmit={submit}>
          <TextInput
            label={t('admin.tokenName')}
            description={t('admin.tokenNameHint')}
            required
            withAsterisk={false}
            maxLength={80}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <NumberInput
            label={t('admin.tokenDays')}
            description={t('admin.tokenDaysHint')}
            min={1}
            max={3_650}
            allowDecimal={false}
            value={days}
            onChange={setDays}
          />
          <FormFoot error={make.error} pending={make.isPending} onCancel={onClose} submit={t('admin.addToken')} />
        </form>
      )}
    </Modal>
  )
}

/** One's own API tokens: what they are called, when they were used, and an end to each. */
export function TokensPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const now = useNow(60_000)
  const tokens = useQuery({ queryKey: ['admin', 'tokens'], queryFn: adminApi.tokens })
  const [making, setMaking] = useState(false)
  const revoke = useMutation({
    mutationFn: adminApi.revokeToken,
    onSuccess: () => void tokens.refetch(),
    onError: (error) => tellFailure(sentence(error)),
  })
  if (tokens.isError) return <Failure error={tokens.error} onRetry={() => void tokens.refetch()} />
  return (
    <div className={css.body}>
      <div className={css.bar}>
        <p>{t('admin.tokensHint')}</p>
        <Button leftSection={<KeyRound size={15} />} onClick={() => setMaking(true)}>
          {t('admin.addToken')}
        </Button>
      </div>
      {tokens.data?.items.length === 0 && <Empty title={t('admin.noTokens')} />}
      {tokens.data && tokens.data.items.length > 0 && (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('admin.name')}</th>
                <th scope="col">{t('admin.tokenMade')}</th>
                <th scope="col">{t('admin.tokenUsed')}</th>
                <th scope="col">{t('admin.tokenEnds')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {tokens.data.items.map((token) => (
                <tr key={token.id}>
                  <th scope="row">
                    {token.name}
                    <span className={css.second}>{t('admin.tokenHint', { hint: token.hint })}</span>
                  </th>
                  <td>{format.dateTime(token.createdAt, now)}</td>
                  <td>{token.lastUsedAt === null ? '–' : format.dateTime(token.lastUsedAt, now)}</td>
                  <td>{token.expiresAt === null ? '–' : format.date(token.expiresAt)}</td>
                  <td className={css.end}>
                    <Button variant="default" disabled={revoke.isPending} onClick={() => revoke.mutate(token.id)}>
                      {t('admin.revoke')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </div>
  )
}
