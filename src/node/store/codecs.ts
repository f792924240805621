import type { Codec } from '../../core/parquet/codec.ts'

/** Loads a compression; undefined for none. The bytes it makes are the same on every platform and Node version. */
export const loadCodec = async (name: Codec['name'] | 'none'): Promise<Codec | undefined> => {
  switch (name) {
    case 'none':
      return undefined
    case 'snappy':
      return loadSnappy()
    case 'zstd':
      return loadZstd()
  }
}

const loadSnappy = async (): Promise<Codec> => {
  const { snappyCompress } = await import('hyparquet-writer/src/snappy.js')
  return { name: 'snappy', compress: snappyCompress }
}

/** Higher levels take twice the time and gain little on generated data. */
const ZSTD_LEVEL = 1

/** The module must be started once a thread: a second start breaks it, and its output changes silently. */
let started: Promise<void> | undefined

const loadZstd = async (): Promise<Codec> => {
  const { init, compress } = await import('@bokuweb/zstd-wasm')
  started ??= init()
  await started
  return { name: 'zstd', compress: (bytes) => compress(bytes, ZSTD_LEVEL) }
}
