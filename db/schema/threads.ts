import type { Kit } from '../kit.ts'
import type { channelTables } from './channels.ts'
import type { contactTables } from './contacts.ts'
import type { conversationTables } from './conversations.ts'

/** What belongs to a provider's thread beside its messages: who is in it, and ids under which the provider knows things. */
export const threadTables = (
  k: Kit,
  { contacts }: ReturnType<typeof contactTables>,
  { inboxes }: ReturnType<typeof channelTables>,
  { messages }: ReturnType<typeof conversationTables>,
) => {
  /** Members of groups and rooms, as far as the provider tells of them. They are no contacts of ours. */
  const threadMembers = k.table(
    'thread_members',
    {
      id: k.id(),
      inboxId: k
        .text('inbox_id')
        .notNull()
        .references(() => inboxes.id),
      threadKey: k.text('thread_key').notNull(),
      /** The provider's id of the person. */
      externalId: k.text('external_id').notNull(),
      /** Null until the provider has told it. */
      displayName: k.text('display_name'),
      avatarUrl: k.text('avatar_url'),
      joinedAt: k.instant('joined_at').notNull(),
      /** Out of the group since; null while in it. */
      leftAt: k.instant('left_at'),
      /** The provider's time of the newest news about joining or leaving: what is older changes nothing. */
      membershipAt: k.instant('membership_at').notNull(),
      profileFetchedAt: k.instant('profile_fetched_at'),
    },
    (t) => [k.unique('thread_members_uq').on(t.inboxId, t.threadKey, t.externalId)],
  )

  /** Provider ids of the second and later bubbles of our messages; the first one's stands on the message. */
  const messageAliases = k.table(
    'message_aliases',
    {
      inboxId: k.text('inbox_id').notNull(),
      externalId: k.text('external_id').notNull(),
      messageId: k
        .text('message_id')
        .notNull()
        .references(() => messages.id),
    },
    (t) => [
      k.primaryKey({ name: 'message_aliases_pk', columns: [t.inboxId, t.externalId] }),
      k.index('message_aliases_message_ix').on(t.messageId),
    ],
  )

  /** Requests to prove who a customer is by logging in at the company's own site. */
  const accountLinks = k.table(
    'account_links',
    {
      id: k.id(),
      inboxId: k
        .text('inbox_id')
        .notNull()
        .references(() => inboxes.id),
      /** The provider's thread with the person who is asked. */
      threadKey: k.text('thread_key').notNull(),
      conversationId: k.text('conversation_id'),
      /** Hash of the unguessable part of the address sent to them. */
      tokenHash: k.text('token_hash').notNull(),
      /** Hash of what the provider gives back once they have logged in; null until then. */
      nonceHash: k.text('nonce_hash'),
      /** Who they proved to be: a contact point of kind `external` in the company's own numbering. */
      accountId: k.text('account_id'),
      contactId: k.text('contact_id').references(() => contacts.id),
      createdAt: k.instant('created_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      usedAt: k.instant('used_at'),
    },
    (t) => [k.unique('account_links_token_uq').on(t.tokenHash), k.unique('account_links_nonce_uq').on(t.nonceHash)],
  )

  return { threadMembers, messageAliases, accountLinks }
}
