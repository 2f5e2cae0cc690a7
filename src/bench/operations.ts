import { askSearches } from './b6-requests.ts'
import { gatherCrowd } from './crowd.ts'
import { measureSync, serveSignatureCheck } from './floors.ts'
import { loadClosed, loadOpen } from './load-webhooks.ts'
import { fetchPages } from './pages.ts'
import { measurePush } from './push.ts'
import { redeliver, stopRedelivery } from './redelivery.ts'
import { readPicture, startPicture } from './stall.ts'
import { recordTape } from './tape-record.ts'
import { gatherVisitors, leaveForStorm, returnInStorm, settleStorm } from './visitors.ts'

/** What the benchmark's own processes can be asked for. */
export const operations = {
  /** Webhooks as fast as answers come. */
  closed: loadClosed,
  /** Webhooks at intended instants. */
  open: loadOpen,
  /** Appends that are synced one by one. */
  sync: measureSync,
  /** A bare HTTP server that checks signatures and stores nothing. */
  signatures: serveSignatureCheck,
  /** The statements of the ingest, and the same replayed bare. */
  tape: recordTape,
  /** Webhooks at a steady rate and agents who hear of them. */
  push: measurePush,
  /** Pages of a list. */
  pages: fetchPages,
  /** First pages of a search. */
  searches: askSearches,
  /** Agents who only stay connected. */
  crowd: gatherCrowd,
  /** Visitors of web chat who only stay, and those who come back at once. */
  visitors: gatherVisitors,
  leaveForStorm,
  returnInStorm,
  settleStorm,
  /** Webhooks that are sent until they are acknowledged. */
  redeliver,
  stopRedelivery: (_input: Record<string, never>) => stopRedelivery(),
  /** One agent's picture of the conversations. */
  startPicture,
  readPicture,
} as const

export type OperationName = keyof typeof operations
export type OperationInput<N extends OperationName> = Parameters<(typeof operations)[N]>[0]
export type OperationOutput<N extends OperationName> = Awaited<ReturnType<(typeof operations)[N]>>
