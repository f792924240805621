/** What we use of a package whose own types are hidden by its export map. */
declare module '@bokuweb/zstd-wasm' {
  /** Reads and starts the module; once, before anything else. */
  export const init: () => Promise<void>
  /** One zstd frame of the bytes. */
  export const compress: (bytes: Uint8Array, level: number) => Uint8Array
}
