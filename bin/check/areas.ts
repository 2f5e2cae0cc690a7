/**
 * The parts of the tree and which parts each may import: DESIGN's directions as data. An area may
 * always import itself. Both types and values count.
 */
export interface Area {
  readonly name: string
  /** Paths from the package root; the first area that matches owns the file. */
  readonly paths: RegExp
  /** Names of areas, or '*' for all. */
  readonly may: readonly string[]
  /** Packages it may import, by their first path segment(s); all when left out. `node:` stands for Node's own modules. */
  readonly packages?: readonly string[]
  /** The sentence printed with a violation. */
  readonly because: string
}

/** Folders that several channels of one provider share, and those channels. */
export const sharedByProvider: Readonly<Record<string, readonly string[]>> = { twilio: ['phone', 'sms'] }

export const areas: readonly Area[] = [
  {
    name: 'composition',
    paths: /^src\/(?!config\.ts)[^/]+\.ts$|^src\/cli\//,
    may: ['*'],
    because: 'The composition root constructs everything, and the command line is another way in.',
  },
  {
    name: 'config',
    paths: /^src\/config\.ts$/,
    may: ['wire', 'lib'],
    because: 'The configuration knows no part that it configures.',
  },
  {
    name: 'wire',
    paths: /^src\/wire\//,
    may: [],
    packages: ['zod', 'zod-openapi'],
    because: 'The console and the widget load the wire schemas, so these may depend on zod alone.',
  },
  {
    name: 'access',
    paths: /^src\/core\/access\//,
    may: ['core', 'wire'],
    packages: [],
    because: 'The one authorisation function is pure, so that every way in can use it.',
  },
  {
    name: 'core',
    paths: /^src\/core\//,
    may: ['access', 'wire'],
    // Time zones are luxon's; it is asked about given instants only, never for the present one.
    packages: ['luxon'],
    because: 'The core is pure: it decides from what it is given and does no input or output.',
  },
  {
    name: 'services',
    paths: /^src\/services\//,
    may: ['core', 'access', 'db-access', 'ports', 'channel-contract', 'wire', 'lib', 'config', 'present'],
    because: 'A use case knows neither how it is called nor which adapter or channel serves it.',
  },
  {
    name: 'ports',
    paths: /^src\/ports\//,
    may: ['wire'],
    because: 'A port speaks our own words and knows none of its adapters.',
  },
  {
    name: 'adapters',
    paths: /^src\/adapters\//,
    may: ['ports', 'lib'],
    because: 'An adapter knows its port and its library, nothing of the hub.',
  },
  {
    name: 'http',
    paths: /^src\/http\//,
    may: ['services', 'present', 'access', 'wire', 'lib', 'config', 'ports', 'i18n'],
    because: 'Routes call services and presenters; they read no tables and decide nothing.',
  },
  {
    name: 'realtime',
    paths: /^src\/realtime\//,
    may: ['services', 'present', 'access', 'wire', 'lib', 'config', 'ports', 'db-access'],
    because: 'Sockets call services and tail the event log; they know no channel and no adapter.',
  },
  {
    name: 'jobs',
    paths: /^src\/jobs\//,
    may: ['services', 'present', 'access', 'wire', 'lib', 'config', 'ports'],
    because: 'A job validates its payload and calls a service.',
  },
  {
    name: 'present',
    paths: /^src\/present\//,
    may: ['wire', 'lib', 'core', 'access', 'db-access'],
    because: 'A presenter turns a row into its wire form and masks it; it fetches nothing.',
  },
  {
    name: 'i18n',
    paths: /^src\/i18n\//,
    may: ['wire', 'lib'],
    because: 'Translations depend on nothing that uses them.',
  },
  {
    name: 'lib',
    paths: /^src\/lib\//,
    may: ['wire'],
    because: 'A library file knows no part of our domain.',
  },
  {
    name: 'channel-contract',
    paths: /^channels\/contract\.ts$/,
    may: ['wire'],
    because: 'The contract names what every channel can do and knows none of them.',
  },
  {
    name: 'channel-registry',
    paths: /^channels\/index\.ts$/,
    may: ['channel-contract', 'channel', 'wire'],
    because: 'The registry lists the channels, one line for each.',
  },
  {
    name: 'widget',
    paths: /^channels\/webchat\/widget\//,
    may: ['wire'],
    because: "The widget runs on strangers' pages; it shares the wire schemas and nothing else.",
  },
  {
    name: 'channel',
    paths: /^channels\/[^/]+\//,
    may: ['channel-contract', 'wire', 'lib'],
    because: 'A channel can be taken out alone: it knows its contract, never another channel, the database or a service.',
  },
  {
    name: 'seed',
    paths: /^db\/seed\//,
    may: ['services', 'db-access', 'db', 'core', 'access', 'ports', 'adapters', 'channel-contract', 'wire', 'lib', 'config'],
    because: 'The demo centre is built by calling services.',
  },
  {
    name: 'db-access',
    paths: /^db\/(queries\/|(store|statement|portable)\.ts$)/,
    may: ['db', 'wire', 'lib'],
    because: 'Queries know tables, not why they are asked.',
  },
  {
    name: 'db',
    paths: /^db\//,
    may: ['db-access', 'wire', 'lib'],
    because: 'The store knows tables and dialects, not the hub.',
  },
  {
    name: 'console',
    paths: /^agent-ui\//,
    may: ['wire'],
    because: 'The console talks to the hub over the wire and imports its schemas only.',
  },
  {
    name: 'bench',
    paths: /^src\/bench\//,
    may: ['*'],
    because: 'The benchmarks stand outside of what they measure.',
  },
  {
    name: 'outside',
    paths: /^(tests|bin)\/|^[^/]+$/,
    may: ['*'],
    because: 'Tests and tools may look at everything.',
  },
]

/** The area that owns a path, or undefined where the layout has no place for it. */
export function areaOf(path: string): Area | undefined {
  return areas.find(({ paths }) => paths.test(path))
}
