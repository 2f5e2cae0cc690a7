import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/api-error.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import css from './admin.module.css'

/** The end of a form: what is wrong, and the two ways out. */
export function FormFoot(props: { error: unknown; pending: boolean; onCancel: () => void; submit?: string }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const fields = props.error instanceof ApiError ? props.error.fields : []
  return (
    <div className={css.foot}>
      {props.error !== null && props.error !== undefined && (
        <div role="alert" className={css.error}>
          <p>{sentence(props.error)}</p>
          {fields.slice(0, 5).map((f) => (
            <p key={f.path}>{t('admin.fieldError', { path: f.path, message: f.message })}</p>
          ))}
        </div>
      )}
      <Button variant="default" onClick={props.onCancel}>
        {t('common.cancel')}
      </Button>
      <Button type="submit" loading={props.pending}>
        {props.submit ?? t('common.save')}
      </Button>
    </div>
  )
}
