/** What a whole message means to the carriers. */
export type OptWord = 'out' | 'in'

/**
 * Words after which Twilio sends nothing more from this sender until the person opts in again, and those that opt in.
 * A word counts when it is all of the message, whatever its case. Source: Twilio, "Support for opt-out keywords".
 */
const words: Readonly<Record<string, OptWord>> = {
  stop: 'out',
  stopall: 'out',
  unsubscribe: 'out',
  optout: 'out',
  revoke: 'out',
  cancel: 'out',
  end: 'out',
  quit: 'out',
  start: 'in',
  unstop: 'in',
}

/** Words that are hardly ever anything else than an order to stop or begin; the rest may be an answer as well. */
const plain = new Set(['stop', 'stopall', 'unsubscribe', 'optout', 'revoke', 'start', 'unstop'])

/** What a message orders, and whether it says nothing else that an agent should read. */
export interface OptOrder {
  readonly word: OptWord
  readonly only: boolean
}

/**
 * Reads the order in a message, or null.
 * @param told Twilio's own verdict (`OptOutType`), which wins: STOP, START or HELP.
 */
export function optOrderOf(text: string, told: string | undefined): OptOrder | null {
  if (told === 'STOP') return { word: 'out', only: true }
  if (told === 'START') return { word: 'in', only: true }
  if (told !== undefined) return null
  const said = text.trim().toLowerCase()
  const word = Object.hasOwn(words, said) ? words[said] : undefined
  return word === undefined ? null : { word, only: plain.has(said) }
}
