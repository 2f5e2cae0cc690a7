import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { AppError } from './errors.ts'

/** Finds all addresses of a host; `dns.lookup` with `all`, unless a test gives another. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

/** IPv4 ranges that are not the public internet (IANA special-purpose registry, RFC 6890 and its updates). */
const closedIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/**
 * IPv6 ranges inside global unicast (2000::/3) that lead elsewhere: Teredo and other protocol
 * assignments, documentation, 6to4.
 */
const closedIpv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const closed = new BlockList()
for (const [net, bits] of closedIpv4) closed.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of closedIpv6) closed.addSubnet(net, bits, 'ipv6')
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address belongs to the public internet. IPv4 inside IPv6 in any form counts as not public. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !closed.check(address, 'ipv4')
  return family === 6 && globalUnicast.check(address, 'ipv6') && !closed.check(address, 'ipv6')
}

/** Resolves through the operating system, hosts file included. */
export const resolveHost: Resolve = (host) =>
  new Promise((resolve, reject) => {
    dnsLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })

/**
 * A `lookup` for sockets that hands out public addresses only. One closed address among several
 * refuses the host, so a name that rebinds gains nothing: the socket connects to what was checked.
 */
export function publicLookup(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const bad = addresses.find(({ address }) => !isPublicAddress(address))
        const first = addresses[0]
        if (bad || !first) return callback(bad ? closedAddress(host) : noAddress(host), [])
        if (options.all) return callback(null, [...addresses])
        callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
}

/** The refusal of a host that is not on the public internet. */
export function closedAddress(host: string): AppError {
  return new AppError('invalid_input', `"${host}" is not an address on the public internet; requests to it are refused.`, { host })
}

/** The refusal of a host that no address is known of. */
export function noAddress(host: string, cause?: unknown): AppError {
  return new AppError('provider_unavailable', `"${host}" has no address.`, { host }, { cause })
}
