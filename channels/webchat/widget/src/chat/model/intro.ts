import type { ChatForm, FormField } from '../../../../../../src/wire/chat-forms.ts'
import { wordsIn } from '../../../../../../src/wire/chat-words.ts'
import type { Language, TextKey } from '../i18n.ts'

/** What is wrong with a form, by the names of its fields. */
export type Faults = Readonly<Record<string, TextKey>>

const awayFields: readonly FormField[] = [
  { key: 'name', type: 'name', label: {}, required: false, options: [] },
  { key: 'email', type: 'email', label: {}, required: true, options: [] },
]

/** The questions that are left to ask; who is known by name is not asked for it again. */
export function fieldsFor(kind: 'prechat' | 'away', form: ChatForm | null, knownName: string | null): readonly FormField[] {
  const fields = kind === 'away' ? awayFields : (form?.fields ?? [])
  return fields.filter(({ type }) => type !== 'name' || knownName === null)
}

/** The question in the reader's language. */
export function labelOf(field: FormField, language: Language): string {
  const own: Partial<Record<FormField['type'], TextKey>> = { name: 'fieldName', email: 'fieldEmail', phone: 'fieldPhone' }
  const key = own[field.type]
  return wordsIn(field.label, language.locale) ?? (key === undefined ? field.key : language.text(key))
}

/** What keeps a form from being sent; the server checks it all again. */
export function faultsOf(
  fields: readonly FormField[],
  answers: Readonly<Record<string, string>>,
  text: string,
  disagrees: boolean,
): Faults {
  const faults: Record<string, TextKey> = {}
  for (const field of fields) {
    const fault = faultOf(field, answers[field.key]?.trim() ?? '')
    if (fault !== null) faults[field.key] = fault
  }
  if (text.trim() === '') faults['message'] = 'required'
  if (disagrees) faults['consent'] = 'consentNeeded'
  return faults
}

function faultOf({ type, required }: FormField, answer: string): TextKey | null {
  if (answer === '') return required ? 'required' : null
  if (type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(answer)) return 'badEmail'
  if (type === 'phone' && !/^\+?[\d\s().-]{5,30}$/.test(answer)) return 'badPhone'
  return null
}
