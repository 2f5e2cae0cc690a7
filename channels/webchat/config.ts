export { type WebchatConfig, webchatConfigSchema } from '../../src/wire/webchat.ts'

/** Settings kept sealed and never shown. */
export const webchatSecretKeys = ['identitySecret', 'siteSecret', 'formerSiteSecret'] as const
