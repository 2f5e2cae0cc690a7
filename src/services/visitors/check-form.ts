import { normaliseAddress } from '../../core/identity/address.ts'
import { AppError } from '../../lib/errors.ts'
import { sanitizeText } from '../../lib/sanitize-text.ts'
import { invalidInput } from '../../lib/wire-error.ts'
import type { FormAnswers, FormField } from '../../wire/chat-forms.ts'
import type { VisitorPart } from '../../wire/visitor.ts'
import type { VisitorProfile } from '../../wire/visitor-profile.ts'
import type { WebchatConfig } from '../../wire/webchat.ts'

type FormPart = Extract<VisitorPart, { type: 'form' }>

/** What stands in place of the chat while nobody answers: where the answer shall go. */
export const awayFields: readonly FormField[] = [
  { key: 'name', type: 'name', label: {}, required: false, options: [] },
  { key: 'email', type: 'email', label: {}, required: true, options: [] },
]

/**
 * Holds a form against what the inbox asks.
 * @param known what the visitor, or their site, has given before: it stands in for a required answer of its kind.
 * @returns the form with its answers trimmed, empty ones left out.
 * @throws AppError 'invalid_input' with a field for each wrong answer; with code `consent_required` when it does not carry the
 *   consent to the present words.
 */
export function checkForm(config: WebchatConfig, form: FormPart, known: VisitorProfile): FormPart {
  const fields = form.form === 'away' ? awayFields : (config.preChat?.fields ?? [])
  const answers = trimmed(form.answers)
  const wrong = [
    ...Object.keys(answers)
      .filter((key) => !fields.some((field) => field.key === key))
      .map((key) => ({ path: `answers.${key}`, message: 'is not asked' })),
    ...fields.flatMap((field) => {
      const message = faultOf(field, answers[field.key], known)
      return message === null ? [] : [{ path: `answers.${field.key}`, message }]
    }),
  ]
  if (wrong.length > 0) throw invalidInput(wrong)
  if (config.consent !== null && form.consent !== config.consent.version) throw consentRequired()
  return { ...form, answers }
}

/** The refusal of a first message that lacks the consent. */
export function consentRequired(): AppError {
  return new AppError('invalid_input', 'The visitor has to agree to the present words first.', { code: 'consent_required' })
}

/** What the answers say about who it is. */
export function profileFrom(config: WebchatConfig, form: FormPart): Pick<VisitorProfile, 'name' | 'email' | 'phone'> {
  const fields = form.form === 'away' ? awayFields : (config.preChat?.fields ?? [])
  const answer = (type: FormField['type']) => fields.flatMap((field) => (field.type === type ? (form.answers[field.key] ?? []) : []))[0]
  const [name, typed, phone] = [answer('name'), answer('email'), answer('phone')]
  const email = typed === undefined ? null : normaliseAddress('email', typed)
  return {
    ...(name === undefined ? {} : { name: name.slice(0, 200) }),
    ...(email === null ? {} : { email }),
    ...(phone === undefined ? {} : { phone: phone.slice(0, 40) }),
  }
}

function trimmed(answers: FormAnswers): FormAnswers {
  const entries = Object.entries(answers).map(([key, answer]) => [key, sanitizeText(answer).trim()] as const)
  return Object.fromEntries(entries.filter(([, answer]) => answer !== ''))
}

function faultOf(field: FormField, answer: string | undefined, known: VisitorProfile): string | null {
  if (answer === undefined) return field.required && !isKnown(field, known) ? 'is missing' : null
  switch (field.type) {
    case 'email':
      return normaliseAddress('email', answer) === null ? 'is no e-mail address' : null
    case 'phone':
      return /^\+?[\d\s().-]{5,30}$/.test(answer) ? null : 'is no telephone number'
    case 'name':
      return answer.length > 200 ? 'is too long' : null
    case 'choice':
      return field.options.some(({ value }) => value === answer) ? null : 'is none of the answers to choose from'
    case 'text':
      return answer.length > 500 ? 'is too long' : null
    case 'long_text':
      return null
  }
}

function isKnown({ type }: FormField, known: VisitorProfile): boolean {
  return (type === 'name' || type === 'email' || type === 'phone') && known[type] !== undefined
}
