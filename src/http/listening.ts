import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Config } from '../config.ts'

/** How long answers under way have before their connections are cut, milliseconds. */
const answerGraceMs = 500

/** Connections that may wait to be taken: thousands of browsers come back at once after a restart. The system may allow fewer. */
const backlog = 4_096

/** A server that can be begun and ended. */
export interface Listening {
  /** @returns where it listens on this machine. @throws what the system says when the address cannot be had. */
  listen(place: Pick<Config, 'port' | 'host'>): Promise<string>
  /** Takes no more connections and ends those that are open, web sockets too; answers under way have a moment. */
  close(): Promise<void>
}

/** Prepares a server that does not listen yet. Its own close knows nothing of what became a web socket, so connections are counted here. */
export function prepareServer(server: Server): Listening {
  const open = new Set<Socket>()
  server.on('connection', (connection) => {
    open.add(connection)
    connection.once('close', () => open.delete(connection))
  })
  return {
    listen: (place) => listen(server, place),
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const connection of open) connection.destroy()
        }, answerGraceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function listen(server: Server, { port, host }: Pick<Config, 'port' | 'host'>): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog }, () => {
      server.off('error', reject)
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}
