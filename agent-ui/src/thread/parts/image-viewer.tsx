import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import css from './parts.module.css'

/** A picture as large as the window allows. */
export function ImageViewer(props: { src: string; name: string; shown: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={props.shown}
      onClose={props.onClose}
      title={props.name}
      size="auto"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <img className={css.large} src={props.src} alt={props.name} />
      <p className={css.original}>
        <a href={props.src} target="_blank" rel="noopener">
          {t('part.openOriginal')}
        </a>
      </p>
    </Modal>
  )
}
