/** The name of a group's member; one to tell strangers apart by where the provider does not tell. */
export function memberName(displayName: string | null, externalId: string): string {
  return displayName ?? `#${externalId.slice(-4)}`
}
