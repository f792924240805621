import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy that can cut all connections once the server has sent so many more bytes. */
export interface CuttingProxy {
  readonly port: number
  /** Cuts once the server has sent `bytes` more; a connection can be made again at once. */
  readonly cutAfter: (bytes: number) => void
  /** Cuts at the next bytes of a client, which do not reach the server. */
  readonly loseNext: () => void
  /** How often it has cut. */
  readonly cuts: () => number
  readonly close: () => Promise<void>
}

/** Listens on a free port of this machine in front of another one. */
export const startCuttingProxy = async (port: number): Promise<CuttingProxy> => {
  const sockets = new Set<Socket>()
  let left = Infinity
  let lose = false
  let cuts = 0
  const cut = (): void => {
    left = Infinity
    cuts++
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (data) => {
      if (!lose) return upstream.write(data)
      lose = false
      return cut()
    })
    upstream.on('data', (data) => {
      left -= data.length
      if (left <= 0) return cut()
      client.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter: (bytes) => {
      left = bytes
    },
    loseNext: () => {
      lose = true
    },
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
