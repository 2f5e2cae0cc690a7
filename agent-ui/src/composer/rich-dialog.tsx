import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capabilities } from '../../../src/wire/inboxes.ts'
import type { OutgoingPart } from '../../../src/wire/messages.ts'
import { CardContent, SuggestedAnswers } from '../thread/parts/card-content.tsx'
import { TextContent } from '../thread/parts/text-part.tsx'
import css from './composer.module.css'
import { partsOf, type RichDraft, type RichKind, richKinds } from './rich-draft.ts'

const empty: RichDraft = { kind: 'quick', title: '', text: '', buttons: '', altText: '', json: '' }

function Preview({ parts }: { parts: readonly OutgoingPart[] }) {
  return parts.map((part) => {
    if (part.type === 'text') return <TextContent key={part.type} part={part} />
    if (part.type === 'card') return <CardContent key={part.type} part={part} />
    return part.type === 'quick_replies' ? <SuggestedAnswers key={part.type} items={part.items} /> : null
  })
}

function Fields({ draft, set }: { draft: RichDraft; set: (changes: Partial<RichDraft>) => void }) {
  const { t } = useTranslation()
  if (draft.kind === 'json') {
    return (
      <Textarea
        className={css.json ?? ''}
        label={t('rich.json')}
        description={t('rich.jsonHint')}
        rows={8}
        value={draft.json}
        onChange={(e) => set({ json: e.currentTarget.value })}
      />
    )
  }
  return (
    <>
      {draft.kind === 'buttons' && (
        <TextInput label={t('rich.title')} value={draft.title} onChange={(e) => set({ title: e.currentTarget.value })} />
      )}
      <Textarea label={t('rich.text')} rows={2} value={draft.text} onChange={(e) => set({ text: e.currentTarget.value })} />
      <Textarea
        label={t('rich.buttons')}
        description={t('rich.buttonsHint')}
        rows={3}
        value={draft.buttons}
        onChange={(e) => set({ buttons: e.currentTarget.value })}
      />
    </>
  )
}

/** Makes a card or suggested answers, with what the customer will see beside it. */
export function RichDialog(props: { capabilities: Capabilities; onSend: (parts: readonly OutgoingPart[]) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(empty)
  const set = (changes: Partial<RichDraft>): void => setDraft({ ...draft, ...changes })
  const cards = (props.capabilities.cards ?? []).length > 0
  const kinds = richKinds.filter((kind) => (kind === 'quick' ? (props.capabilities.quickReplies ?? 0) > 0 : cards))
  const made = partsOf(draft)
  const begun = draft.text !== '' || draft.json !== ''
  return (
    <Modal opened onClose={props.onClose} title={t('rich.open')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className={css.rich}>
        <NativeSelect
          label={t('rich.kind')}
          value={draft.kind}
          data={kinds.map((kind) => ({ value: kind, label: t(`rich.kinds.${kind}`) }))}
          onChange={(e) => set({ kind: richKinds.find((kind) => kind === e.currentTarget.value) ?? ('quick' satisfies RichKind) })}
        />
        <Fields draft={draft} set={set} />
        {draft.kind !== 'quick' && (
          <TextInput
            label={t('rich.altText')}
            description={t('rich.altTextHint')}
            value={draft.altText}
            onChange={(e) => set({ altText: e.currentTarget.value })}
          />
        )}
        <section aria-label={t('rich.preview')} aria-live="polite">
          {'parts' in made ? <Preview parts={made.parts} /> : begun && <p>{t('rich.wrong', { detail: made.wrong })}</p>}
        </section>
        <Button
          disabled={!('parts' in made)}
          onClick={() => {
            if (!('parts' in made)) return
            props.onSend(made.parts)
            props.onClose()
          }}
        >
          {t('composer.send')}
        </Button>
      </div>
    </Modal>
  )
}
