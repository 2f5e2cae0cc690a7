import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Networks that express names in `trust proxy` (RFC 1122, 3927, 4193, 4291, 1918). */
const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** The parts of a request that tell where it comes from. */
export type ProxiedRequest = Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } }

/**
 * Tells a request's own address behind the proxies that are trusted: the nearest one in the chain of `X-Forwarded-For` that is
 * not a trusted proxy. What an untrusted sender writes into that header counts for nothing.
 * @param trustProxy as in `Config`: nobody, a number of hops, or a comma list of addresses, networks and express's names.
 * @throws Error when the list holds something that is none of these.
 */
export function createClientIp(trustProxy: false | number | string): (request: ProxiedRequest) => string {
  const trusts = trustOf(trustProxy)
  return ({ headers, socket }) => {
    const forwarded = headers['x-forwarded-for']
    const header = Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')
    const chain = [socket.remoteAddress ?? '', ...header.split(',').map((part) => part.trim()).filter((part) => part !== '').reverse()]
    let hop = 0
    while (hop + 1 < chain.length && hop < 32 && trusts(chain[hop] ?? '', hop)) hop += 1
    const found = chain[hop] ?? ''
    return isIP(found) === 0 ? (socket.remoteAddress ?? '') : found
  }
}

function trustOf(trustProxy: false | number | string): (address: string, hop: number) => boolean {
  if (trustProxy === false) return () => false
  if (typeof trustProxy === 'number') return (_, hop) => hop < trustProxy
  const list = new BlockList()
  for (const entry of trustProxy.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    for (const network of named[entry] ?? [entry]) addNetwork(list, network)
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
  }
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/')
  const version = isIP(address)
  if (version === 0) throw new Error(`TRUST_PROXY names "${network}", which is no address or network.`)
  const type = version === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, type)
  else list.addSubnet(address, Number(bits), type)
}
