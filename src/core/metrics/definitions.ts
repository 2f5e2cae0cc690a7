/** A figure's formula, to be shown beside it. */
export interface MetricDefinition {
  readonly id: string
  readonly unit: 'count' | 'share' | 'ms' | 'per_hour' | 'ratio'
  /** In plain words, with the names of outcomes and rows as the wire has them. */
  readonly formula: string
  /** The rows it opens into. */
  readonly rows: 'queue_stays' | 'segments' | 'offers' | 'agent_times' | 'conversations'
}

/** Rises with every change of a formula, so that figures of two times can be told apart. */
export const metricsVersion = 1

/** Every figure of the metrics functions by its name there. */
export const metricDefinitions: readonly MetricDefinition[] = [
  {
    id: 'serviceLevel',
    unit: 'share',
    rows: 'queue_stays',
    formula: 'answered within the queue’s time ÷ (answered + abandoned); short_abandoned left out',
  },
  {
    id: 'serviceLevelStrict',
    unit: 'share',
    rows: 'queue_stays',
    formula: 'answered within the queue’s time ÷ (answered + abandoned + short_abandoned)',
  },
  { id: 'serviceLevelAnswered', unit: 'share', rows: 'queue_stays', formula: 'answered within the queue’s time ÷ answered' },
  { id: 'abandonRate', unit: 'share', rows: 'queue_stays', formula: 'abandoned ÷ (answered + abandoned); short_abandoned left out' },
  { id: 'answerTime', unit: 'ms', rows: 'queue_stays', formula: 'leftAt − enteredAt of answered; its mean is the ASA' },
  { id: 'abandonTime', unit: 'ms', rows: 'queue_stays', formula: 'leftAt − enteredAt of abandoned' },
  { id: 'outcomes', unit: 'count', rows: 'queue_stays', formula: 'stays by outcome; each stay has exactly one' },
  { id: 'waiting', unit: 'count', rows: 'queue_stays', formula: 'stays without an outcome' },
  { id: 'handled', unit: 'count', rows: 'segments', formula: 'segments that ended in the time' },
  { id: 'transferred', unit: 'count', rows: 'segments', formula: 'segments that ended in the time by a transfer' },
  {
    id: 'handleTime',
    unit: 'ms',
    rows: 'segments',
    formula: 'endedAt − startedAt − parkedMs of segments that ended (talk + hold + wrap-up); its mean is the AHT',
  },
  { id: 'occupancy', unit: 'share', rows: 'segments', formula: 'time with at least one segment ÷ (that + time available without any)' },
  { id: 'concurrency', unit: 'ratio', rows: 'segments', formula: 'sum of the segments’ time ÷ time with at least one segment' },
  { id: 'contactsPerHour', unit: 'per_hour', rows: 'segments', formula: 'segments that ended ÷ hours in any state but offline' },
  { id: 'offers', unit: 'count', rows: 'offers', formula: 'offers made in the time, by how they ended' },
  {
    id: 'firstResponse',
    unit: 'ms',
    rows: 'conversations',
    formula: 'first human answer − first customer message, credited to the sender',
  },
  {
    id: 'firstResponseAfterBot',
    unit: 'ms',
    rows: 'conversations',
    formula: 'first human answer − end of the bot’s part, or the first customer message where there was none',
  },
  {
    id: 'neverAnswered',
    unit: 'count',
    rows: 'conversations',
    formula: 'resolved conversations with a customer message and no human answer',
  },
  { id: 'resolution', unit: 'ms', rows: 'conversations', formula: 'resolved − first customer message' },
  { id: 'reopenRate', unit: 'share', rows: 'conversations', formula: 'conversations reopened ÷ conversations resolved' },
]
