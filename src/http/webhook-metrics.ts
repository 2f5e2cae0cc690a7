import { Histogram, type Registry } from 'prom-client'
import type { WebhookObserver } from './webhooks.ts'

/** Measures webhooks by channel and class of answer. */
export function createWebhookObserver(registry: Registry): WebhookObserver {
  const durations = new Histogram({
    name: 'onequeue_webhook_seconds',
    help: 'Time from a webhook to its answer, commit included.',
    labelNames: ['channel', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  })
  const known = new Set(['phone', 'sms', 'line', 'email', 'webchat'])
  return {
    observe: (channel, status, tookMs) =>
      durations.observe({ channel: known.has(channel) ? channel : 'other', status: `${Math.floor(status / 100)}xx` }, tookMs / 1_000),
  }
}
