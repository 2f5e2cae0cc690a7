import { Button, Modal, TextInput } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './admin.module.css'
import { FormFoot } from './form-foot.tsx'

/** The frame of a form on a named thing: its name first, then its fields, then the ways out. */
export function ThingDialog(props: {
  title: string
  name: string
  onName: (name: string) => void
  error: unknown
  pending: boolean
  onSave: () => void
  onRemove: (() => void) | null
  onClose: () => void
  children: ReactNode
}) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    props.onSave()
  }
  return (
    <Modal opened onClose={props.onClose} size="lg" title={props.title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form className={css.form} onSubmit={submit}>
        <TextInput
          label={t('admin.name')}
          required
          withAsterisk={false}
          maxLength={80}
          value={props.name}
          onChange={(e) => props.onName(e.currentTarget.value)}
        />
        {props.children}
        {props.onRemove && (
          <div>
            <Button variant="default" onClick={props.onRemove}>
              {t('admin.removeNamed', { name: props.name })}
            </Button>
          </div>
        )}
        <FormFoot error={props.error} pending={props.pending} onCancel={props.onClose} />
      </form>
    </Modal>
  )
}
