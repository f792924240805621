/** A compression that Parquet knows, as a host hands it in. */
export interface Codec {
  readonly name: 'snappy' | 'zstd'
  /** The compressed bytes, valid until the next call. */
  readonly compress: (bytes: Uint8Array) => Uint8Array
}

/** Numbers of the codecs in the Thrift definition of Parquet. */
export const CODEC: Readonly<Record<Codec['name'] | 'none', number>> = {
  none: 0,
  snappy: 1,
  zstd: 6,
}
