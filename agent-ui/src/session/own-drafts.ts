import { useAttachments } from '../composer/attachments.ts'
import { useDrafts } from '../composer/drafts.ts'
import { useSends } from '../live/sends.ts'
import { useWrapUpDrafts } from '../wrap-up/wrap-up-drafts.ts'

const ownerKey = 'onequeue.owner'

/** Lets go of everything unsent in this tab. */
export function forgetDrafts(): void {
  useDrafts.setState({ texts: {}, modes: {} })
  useSends.setState({ list: [] })
  useWrapUpDrafts.setState({ drafts: {} })
  useAttachments.setState({ list: [] })
  sessionStorage.removeItem(ownerKey)
}

/** Keeps what is unsent in this tab for the one who wrote it; another person who logs in finds nothing. */
export function claimDrafts(agentId: string): void {
  if (sessionStorage.getItem(ownerKey) !== agentId) forgetDrafts()
  sessionStorage.setItem(ownerKey, agentId)
}
