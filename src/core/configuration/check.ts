import type { ConfigurationFinding, RoutingConfiguration } from '../../wire/configuration.ts'
import { OpenHours } from '../calendars/open-hours.ts'
import { everOpens } from '../calendars/work-time.ts'
import { isZone } from '../calendars/zone-time.ts'
import { inOrder } from '../classification/classify.ts'
import { circularOverflow } from './overflow.ts'
import { unreachable } from './reach.ts'
import { type About, actionsOf, unknownReferences } from './references.ts'

/**
 * Looks a configuration through for what can never work: what is refused comes first, then warnings, each in the order of its kind.
 * @param now epoch ms: a calendar counts as never open when it does not open within a year of it.
 */
export function checkConfiguration(config: RoutingConfiguration, now: number): ConfigurationFinding[] {
  const found = [
    ...unknownReferences(config),
    ...circularOverflow(config),
    ...config.calendars.flatMap((calendar) => checkCalendar(calendar, now)),
    ...config.queues.filter(({ enabled }) => enabled).flatMap((queue) => unreachable(config, queue)),
    ...config.queues.flatMap((queue) => checkActions(config, queue)),
    ...checkRules(config),
    ...checkPolicies(config),
  ]
  return [...found.filter(({ severity }) => severity === 'refused'), ...found.filter(({ severity }) => severity === 'warning')]
}

function checkCalendar({ id, name, settings }: RoutingConfiguration['calendars'][number], now: number): ConfigurationFinding[] {
  const about: About = { kind: 'calendar', id, name }
  if (!isZone(settings.zone)) {
    const sentence = `"${name}" has the time zone "${settings.zone}", which does not exist.`
    return [{ severity: 'refused', code: 'unknown_zone', about, path: 'zone', sentence, details: { zone: settings.zone } }]
  }
  if (everOpens(new OpenHours(settings), now)) return []
  const sentence = `"${name}" does not open within a year: what goes by it waits for ever.`
  return [{ severity: 'warning', code: 'calendar_never_open', about, path: 'week', sentence, details: {} }]
}

function checkActions(
  config: RoutingConfiguration,
  { id, name, settings }: RoutingConfiguration['queues'][number],
): ConfigurationFinding[] {
  const about: About = { kind: 'queue', id, name }
  const disabled = new Map(config.queues.filter(({ enabled }) => !enabled).map((queue) => [queue.id, queue.name]))
  const calls = config.agents.some(({ disabled: off, channels }) => !off && channels.includes('phone'))
  const found: ConfigurationFinding[] = []
  for (const { path, action } of actionsOf(settings)) {
    const other = action.kind === 'queue' ? disabled.get(action.queueId) : undefined
    if (other !== undefined) {
      const sentence = `"${name}" passes on to "${other}", which is switched off.`
      found.push({ severity: 'warning', code: 'queue_disabled_in_use', about, path, sentence, details: { queue: other } })
    }
    if (action.kind === 'callback' && (!settings.callback.enabled || !calls)) {
      const sentence = settings.callback.enabled
        ? `"${name}" offers callbacks, but nobody takes calls.`
        : `"${name}" offers callbacks, which it has switched off.`
      found.push({ severity: 'warning', code: 'callback_without_phone', about, path, sentence, details: {} })
    }
    if (action.kind === 'raise_priority' && !path.startsWith('whileWaiting')) {
      const sentence = `"${name}" answers with a higher priority where nobody is taken in or served.`
      found.push({ severity: 'warning', code: 'admission_without_effect', about, path, sentence, details: {} })
    }
  }
  return found
}

/** Rules after one that always holds and stops are never reached. */
function checkRules({ rules }: RoutingConfiguration): ConfigurationFinding[] {
  const ordered = inOrder(rules)
  const last = ordered.findIndex(({ when, stop }) => stop && when.tests.length === 0)
  if (last < 0) return []
  return ordered.slice(last + 1).map(({ id, name }) => ({
    severity: 'warning',
    code: 'rule_never_reached',
    about: { kind: 'rule', id, name },
    path: '',
    sentence: `"${name}" is never reached: "${ordered[last]?.name ?? ''}" before it always holds and stops.`,
    details: { after: ordered[last]?.id ?? '' },
  }))
}

/** The first policy that holds counts, so that nothing comes after one that always does. */
function checkPolicies({ policies }: RoutingConfiguration): ConfigurationFinding[] {
  const ordered = inOrder(policies)
  const last = ordered.findIndex(({ settings }) => settings.when.tests.length === 0)
  if (last < 0) return []
  return ordered.slice(last + 1).map(({ id, name }) => ({
    severity: 'warning',
    code: 'policy_never_reached',
    about: { kind: 'policy', id, name },
    path: '',
    sentence: `"${name}" is never reached: "${ordered[last]?.name ?? ''}" before it always holds.`,
    details: { after: ordered[last]?.id ?? '' },
  }))
}
