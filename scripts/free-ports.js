// Prints ports of 127.0.0.1 that nothing listens on: node scripts/free-ports.js [HOW MANY]
// They are below those that systems hand out by themselves (from 32768 on), so no program that takes any port, and no
// connection, comes by one of them before it is used.
import { createServer } from 'node:net'

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

const count = Number(process.argv[2] ?? 1)
const found = new Set()
for (let tries = 0; found.size < count && tries < 1000; tries++) {
  const port = 20000 + Math.floor(Math.random() * 12000)
  if (!found.has(port) && (await isFree(port))) found.add(port)
}
if (found.size < count) throw new Error('no port is free')
console.log([...found].join(' '))
