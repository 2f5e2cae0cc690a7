import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/preferences.ts'
import css from './composer.module.css'

/** Offers Ctrl+Enter once to those who write with an input method, where Enter has another work to do. */
export function SendKeyHint() {
  const { t, i18n } = useTranslation()
  const { sendKeyChosen, choose } = usePreferences()
  if (sendKeyChosen || !/^(zh|ja)/.test(i18n.language)) return null
  return (
    <div className={css.hint}>
      <span>{t('sendKey.hint')}</span>
      <button type="button" onClick={() => choose({ sendKey: 'mod_enter', sendKeyChosen: true })}>
        {t('sendKey.useMod')}
      </button>
      <button type="button" onClick={() => choose({ sendKey: 'enter', sendKeyChosen: true })}>
        {t('sendKey.keepEnter')}
      </button>
    </div>
  )
}
