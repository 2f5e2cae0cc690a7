import type { Socket } from 'socket.io'

/** Counts what has been given to a connection and not yet been taken by it. */
export interface Backlog {
  /** Packets that the other side's slowness keeps here. */
  readonly packets: number
}

/** The part of engine.io's connection that is read here; its events are documented, its buffer is not. */
type Connection = Pick<Socket['conn'], 'on'>

/** Watches one connection. Costs two numbers. */
export function watchBacklog(connection: Connection): Backlog {
  let waiting = 0
  let underWay = 0
  connection.on('packetCreate', () => (waiting += 1))
  connection.on('flush', () => {
    underWay += waiting
    waiting = 0
  })
  connection.on('drain', () => (underWay = 0))
  return {
    get packets() {
      return waiting + underWay
    },
  }
}
