import { z } from 'zod'
import type { Channel } from '../../../channels/contract.ts'
import type { InboxRow } from '../../../db/queries/inbox-rows.ts'
import { AppError } from '../../lib/errors.ts'
import type { Secrets } from '../../lib/secrets.ts'
import { fieldsOf, invalidInput } from '../../lib/wire-error.ts'
import { inboxSecretsPlace } from './open-inboxes.ts'

type Settings = Record<string, unknown>

/** Settings as they are stored: the open ones, and the sealed rest. */
export type StoredSettings = Pick<InboxRow, 'config' | 'secrets'>

/**
 * Splits the settings of an account into what may be shown and what is sealed, once the channel's schema has passed them.
 * @param now epoch ms, for what stays good for a while.
 * @param former what is stored; its secrets stay where `given` leaves them out, and go where it says `null`.
 * @throws AppError 'invalid_input' with paths below `config`.
 */
export function storeSettings(
  secrets: Secrets,
  channel: Channel,
  inboxId: string,
  given: Settings,
  former: StoredSettings | null,
  now: number,
): StoredSettings {
  const kept = former === null ? {} : openSecrets(secrets, inboxId, former.secrets)
  const secretKeys = new Set(channel.secretKeys)
  const merged: Settings = { ...kept, ...given }
  for (const key of secretKeys) if (merged[key] === null || merged[key] === '') delete merged[key]
  const parsed = channel.config.safeParse(merged)
  if (!parsed.success) throw invalidInput(fieldsOf(parsed.error, 'config'))
  const entries = Object.entries(
    settingsSchema.parse(withFormer(channel, former === null ? null : { ...former.config, ...kept }, parsed.data, now)),
  ).filter(([, value]) => value !== undefined)
  const sealed = Object.fromEntries(entries.filter(([key]) => secretKeys.has(key)))
  return {
    config: Object.fromEntries(entries.filter(([key]) => !secretKeys.has(key))),
    secrets: Object.keys(sealed).length === 0 ? null : secrets.seal(JSON.stringify(sealed), inboxSecretsPlace(inboxId)),
  }
}

/** The settings with what stays good of the former ones; those that the channel no longer understands leave nothing. */
function withFormer(channel: Channel, former: Settings | null, changed: unknown, now: number): unknown {
  if (former === null || channel.carryOver === undefined) return changed
  const known = channel.config.safeParse(former)
  return known.success ? channel.carryOver(known.data, changed, now) : changed
}

/** Names of the secrets that are set; none where they do not open (a changed SECRET_KEY), so that they can be set anew. */
export function secretsSetOf(secrets: Secrets, inboxId: string, sealed: string | null): string[] {
  try {
    return Object.keys(openSecrets(secrets, inboxId, sealed)).toSorted()
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable') return []
    throw error
  }
}

const settingsSchema = z.record(z.string(), z.unknown())

function openSecrets(secrets: Secrets, inboxId: string, sealed: string | null): Settings {
  return sealed === null ? {} : settingsSchema.parse(JSON.parse(secrets.open(sealed, inboxSecretsPlace(inboxId))))
}
