import { useEffect, useRef, useState } from 'preact/hooks'
import type { FormField } from '../../../../../../src/wire/chat-forms.ts'
import { answerMaxChars, wordsIn } from '../../../../../../src/wire/chat-words.ts'
import { useChat, useChatState } from '../context.ts'
import type { Language } from '../i18n.ts'
import { type Faults, faultsOf, fieldsFor, labelOf } from '../model/intro.ts'
import { Icon } from './icons.tsx'

type Kind = 'prechat' | 'away'

/** Asks what the inbox wants to know before the first message; while nobody answers, where the answer shall go. */
export function IntroForm({ kind, shown }: { kind: Kind; shown: boolean }) {
  const { client, language } = useChat()
  const inbox = useChatState((state) => state.inbox)
  const knownName = useChatState((state) => state.knownName)
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const [text, setText] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [faults, setFaults] = useState<Faults>({})
  const form = useRef<HTMLFormElement>(null)
  const fields = fieldsFor(kind, inbox?.preChat ?? null, knownName)
  const consent = inbox?.consent ?? null

  useEffect(() => {
    if (shown && matchMedia('(hover: hover)').matches) form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus()
  }, [shown, kind])
  const send = () => {
    const found = faultsOf(fields, answers, text, consent !== null && !agreed)
    setFaults(found)
    const [first] = Object.keys(found)
    if (first !== undefined) return form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)?.focus()
    const given = Object.fromEntries(fields.flatMap(({ key }) => (answers[key]?.trim() ? [[key, answers[key].trim()]] : [])))
    client.send(text, [], [{ type: 'form', form: kind, answers: given, ...(consent === null ? {} : { consent: consent.version }) }])
  }
  return (
    <form
      class="intro"
      ref={form}
      noValidate
      aria-labelledby="intro-title"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onKeyDown={(event) => {
        // Enter that confirms what an input method composed does not send the form.
        if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) event.preventDefault()
      }}
    >
      <Heading kind={kind} />
      {fields.map((field) => (
        <Question
          key={field.key}
          field={field}
          value={answers[field.key] ?? ''}
          fault={faults[field.key]}
          onChange={(value) => setAnswers((now) => ({ ...now, [field.key]: value }))}
        />
      ))}
      <Message text={text} fault={faults['message']} onChange={setText} />
      {consent !== null && (
        <div class="question">
          <label class="consent">
            <input
              type="checkbox"
              name="consent"
              checked={agreed}
              aria-invalid={faults['consent'] !== undefined}
              aria-describedby="fault-consent"
              onChange={(event) => setAgreed(event.currentTarget.checked)}
            />
            <span>
              {wordsIn(consent.text, language.locale)}{' '}
              {consent.url !== undefined && (
                <a href={consent.url} target="_blank" rel="noopener noreferrer">
                  {language.text('consentRead')}
                </a>
              )}
            </span>
          </label>
          <Fault name="consent" fault={faults['consent']} />
        </div>
      )}
      <button type="submit" class="primary">
        {language.text(kind === 'away' ? 'leaveMessage' : 'start')}
      </button>
    </form>
  )
}

function Heading({ kind }: { kind: Kind }) {
  const { language } = useChat()
  const service = useChatState((state) => state.service)
  const intro = useChatState((state) => state.inbox?.preChat?.intro ?? {})
  const words = kind === 'prechat' ? wordsIn(intro, language.locale) : awayWords(language, service)
  return (
    <>
      <h2 id="intro-title">{language.text(kind === 'away' ? 'awayTitle' : 'formTitle')}</h2>
      {words !== null && <p>{words}</p>}
    </>
  )
}

function awayWords(language: Language, { mode, opensAt }: { mode: string; opensAt: number | null }): string {
  if (mode === 'unattended') return language.text('awayUnattended')
  return opensAt === null ? language.text('awayClosed') : language.text('awayClosedUntil', { time: language.moment(opensAt) })
}

interface QuestionProps {
  readonly field: FormField
  readonly value: string
  readonly fault: Faults[string] | undefined
  onChange(value: string): void
}

function Question({ field, value, fault, onChange }: QuestionProps) {
  const { language } = useChat()
  const common = {
    id: `field-${field.key}`,
    name: field.key,
    value,
    'aria-invalid': fault !== undefined,
    'aria-required': field.required,
    'aria-describedby': `fault-${field.key}`,
  }
  const change = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value)
  return (
    <div class="question">
      <label htmlFor={`field-${field.key}`}>
        {labelOf(field, language)}
        {!field.required && <small> {language.text('optional')}</small>}
      </label>
      {field.type === 'choice' ? (
        <select {...common} onChange={change}>
          <option value="">{language.text('choose')}</option>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {wordsIn(option.label, language.locale) ?? option.value}
            </option>
          ))}
        </select>
      ) : field.type === 'long_text' ? (
        <textarea {...common} rows={3} maxLength={answerMaxChars} onInput={change} />
      ) : (
        <input {...common} {...inputOf(field.type)} onInput={change} />
      )}
      <Fault name={field.key} fault={fault} />
    </div>
  )
}

/** What helps browsers and phones to fill a field in. */
function inputOf(type: FormField['type']) {
  switch (type) {
    case 'email':
      return { type: 'email', autoComplete: 'email', maxLength: 254 } as const
    case 'phone':
      return { type: 'tel', autoComplete: 'tel', maxLength: 30 } as const
    case 'name':
      return { type: 'text', autoComplete: 'name', maxLength: 200 } as const
    default:
      return { type: 'text', maxLength: 500 } as const
  }
}

function Message({ text, fault, onChange }: { text: string; fault: Faults[string] | undefined; onChange(text: string): void }) {
  const { language } = useChat()
  return (
    <div class="question">
      <label>
        <span>{language.text('yourMessage')}</span>
        <textarea
          name="message"
          rows={3}
          maxLength={10_000}
          value={text}
          aria-invalid={fault !== undefined}
          aria-required
          aria-describedby="fault-message"
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </label>
      <Fault name="message" fault={fault} />
    </div>
  )
}

function Fault({ name, fault }: { name: string; fault: Faults[string] | undefined }) {
  const { language } = useChat()
  return (
    <p class="fault" id={`fault-${name}`} role={fault === undefined ? undefined : 'alert'}>
      {fault !== undefined && (
        <>
          <Icon name="alert" size={14} />
          {language.text(fault)}
        </>
      )}
    </p>
  )
}
