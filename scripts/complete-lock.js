// Adds to package-lock.json the binaries of other platforms that the registry at hand did not offer, by version alone.
// npm drops what it cannot find, and `npm ci` then refuses the lock file. Run it after `npm install` changed the lock.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))

const PLATFORM =
  /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(?:(gnu|musl)\w*|\w+))?$/

/** What npm itself records of an optional platform package, but for the hash it has not seen. */
const entryOf = (name, parent, version) => {
  const [, os, cpu, libc] = PLATFORM.exec(name) ?? []
  if (os === undefined)
    throw new Error(`${name} is missing from the registry and names no platform`)
  return {
    version,
    cpu: [cpu],
    ...(parent.dev === true && { dev: true }),
    ...(libc !== undefined && { libc: [libc === 'gnu' ? 'glibc' : 'musl'] }),
    optional: true,
    os: [os],
  }
}

const missing = Object.values(lock.packages).flatMap((parent) =>
  Object.entries(parent.optionalDependencies ?? {})
    .filter(([name]) => lock.packages[`node_modules/${name}`] === undefined)
    .map(([name, version]) => [`node_modules/${name}`, entryOf(name, parent, version)]),
)
const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) })
packages.sort(([a], [b]) => (a < b ? -1 : 1))
writeFileSync(
  path,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`,
)
console.log(`added ${missing.length} entries to package-lock.json`)
