import type { NewLink } from '../../wire/access.ts'
import { type Locale, localeSchema } from '../../wire/words.ts'

interface Words {
  readonly hello: (name: string) => string
  readonly invite: readonly [subject: string, line: string]
  readonly reset: readonly [subject: string, line: string]
  readonly until: (when: string) => string
  readonly ignore: string
}

const texts: Readonly<Record<Locale, Words>> = {
  en: {
    hello: (name) => `Hello ${name},`,
    invite: ['Your invitation to Onequeue', 'You have been invited to Onequeue. Choose a password here:'],
    reset: ['A new password for Onequeue', 'Choose a new password here:'],
    until: (when) => `The link works once, until ${when}.`,
    ignore: 'If you did not expect this mail, leave it be; nothing changes.',
  },
  'zh-TW': {
    hello: (name) => `${name} 您好：`,
    invite: ['Onequeue 邀請您加入', '您已受邀使用 Onequeue，請由此設定密碼：'],
    reset: ['重設 Onequeue 密碼', '請由此設定新密碼：'],
    until: (when) => `此連結僅能使用一次，有效至 ${when}。`,
    ignore: '若您並未預期收到此信，請忽略即可，不會有任何變更。',
  },
  'zh-CN': {
    hello: (name) => `${name} 您好：`,
    invite: ['Onequeue 邀请您加入', '您已受邀使用 Onequeue，请由此设置密码：'],
    reset: ['重置 Onequeue 密码', '请由此设置新密码：'],
    until: (when) => `此链接仅能使用一次，有效至 ${when}。`,
    ignore: '如果您并未预期收到此邮件，请忽略即可，不会有任何变更。',
  },
  ja: {
    hello: (name) => `${name} 様`,
    invite: ['Onequeue への招待', 'Onequeue に招待されました。こちらからパスワードを設定してください。'],
    reset: ['Onequeue のパスワード再設定', 'こちらから新しいパスワードを設定してください。'],
    until: (when) => `このリンクは一度だけ、${when} まで有効です。`,
    ignore: '心当たりがない場合は、このメールを破棄してください。何も変更されません。',
  },
}

/** The mail that carries a one-time link, in its reader's language. */
export function linkMail(link: NewLink, name: string, locale: string): { readonly subject: string; readonly text: string } {
  const known = localeSchema.safeParse(locale)
  const language = known.success ? known.data : 'en'
  const words = texts[language]
  const [subject, line] = link.purpose === 'invite' ? words.invite : words.reset
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(link.expiresAt)
  return { subject, text: [words.hello(name), '', line, link.url, '', words.until(`${when} UTC`), words.ignore, ''].join('\n') }
}
