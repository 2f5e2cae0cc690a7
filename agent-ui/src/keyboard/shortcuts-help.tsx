import { Modal, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/preferences.ts'
import css from './shortcuts-help.module.css'
import { useHelp } from './use-help.ts'
import { useShortcuts } from './use-shortcuts.ts'

const lines = [
  ['next', ['j']],
  ['previous', ['k']],
  ['reply', ['r']],
  ['note', ['n']],
  ['finish', ['e']],
  ['snooze', ['z']],
  ['accept', ['Alt', 'Enter']],
  ['search', ['/']],
  ['help', ['?']],
] as const

/** The list of shortcuts, opened with `?`; single letters can be turned off here. */
export function ShortcutsHelp() {
  const { t } = useTranslation()
  const { shown, open, close } = useHelp()
  const { shortcuts, choose } = usePreferences()
  useShortcuts({ Question: open })
  return (
    <Modal opened={shown} onClose={close} title={t('shortcuts.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <dl className={css.list}>
        {lines.map(([name, keys]) => (
          <div key={name}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <Switch label={t('shortcuts.on')} checked={shortcuts} onChange={(e) => choose({ shortcuts: e.currentTarget.checked })} />
    </Modal>
  )
}
