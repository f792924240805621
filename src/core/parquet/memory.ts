import { bitLength } from './bits.ts'

/** Where a chunk's pages wait: equal slabs that are handed out, given back and used again. */
export interface SlabPool {
  readonly take: () => Uint8Array
  readonly give: (slab: Uint8Array) => void
}

/**
 * Everything an encoder reuses, made once a thread and shared by one encoder after another (never by two at a time).
 * `slot` names a byte range of at least `bytes`; the same name returns the same range again. The first range of a
 * name should be its largest, since the allocator below it may not free.
 */
export interface EncoderMemory {
  readonly slot: (name: string, bytes: number) => Uint8Array
  readonly slabs: SlabPool
}

/** A place for new bytes, 16-byte aligned; a WebAssembly memory that will not grow while encoders use it, or the heap. */
export type Allocator = (bytes: number) => Uint8Array

/** An encoder's memory over an allocator; without one everything lies on the JavaScript heap. Slabs can be shared. */
export const createEncoderMemory = (
  allocate: Allocator = (bytes) => new Uint8Array(bytes),
  slabs: SlabPool = createSlabPool(),
): EncoderMemory => {
  const slots = new Map<string, Uint8Array>()
  const slot = (name: string, bytes: number): Uint8Array => {
    const known = slots.get(name)
    if (known !== undefined && known.length >= bytes) return known
    const made = allocate((bytes + SLACK + 15) & ~15)
    slots.set(name, made)
    return made
  }
  return { slot, slabs }
}

/** Vector instructions may read or write up to this far past the end. */
const SLACK = 64
/** Writes of about a mebibyte cost least a byte. */
const SLAB_BYTES = 1 << 20

/** An empty pool. */
export const createSlabPool = (): SlabPool => {
  const free: Uint8Array[] = []
  return {
    take: () => free.pop() ?? new Uint8Array(SLAB_BYTES),
    give: (slab) => {
      free.push(slab)
    },
  }
}

/** Bytes appended one after another and handed over at once, in the order in which they came. */
export interface SlabBuffer {
  readonly length: () => number
  readonly append: (bytes: Uint8Array) => void
  /** Hands everything to `emit`, gives the slabs back and is empty again. */
  readonly drain: (emit: (bytes: Uint8Array) => void) => void
}

/** An empty buffer over the slabs of a pool. */
export const createSlabBuffer = (pool: SlabPool): SlabBuffer => {
  let slabs: Uint8Array[] = []
  let room: Uint8Array = new Uint8Array(0)
  let length = 0
  const grow = (): void => {
    room = pool.take()
    slabs.push(room)
  }
  const append = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) {
      if (room.length === 0) grow()
      const part = bytes.subarray(at, at + room.length)
      room.set(part)
      room = room.subarray(part.length)
      at += part.length
    }
    length += bytes.length
  }
  const drain = (emit: (bytes: Uint8Array) => void): void => {
    for (const slab of slabs)
      emit(slab === slabs.at(-1) ? slab.subarray(0, slab.length - room.length) : slab)
    slabs.forEach(pool.give)
    slabs = []
    room = new Uint8Array(0)
    length = 0
  }
  return { length: () => length, append, drain }
}

/** A slot for a size that varies; it grows by doubling, so that ranges left behind stay few. */
export const roomFor = (memory: EncoderMemory, name: string, bytes: number): Uint8Array =>
  memory.slot(name, 1 << bitLength(Math.max(bytes, SMALLEST_ROOM) - 1))

const SMALLEST_ROOM = 1 << 16

/** The first `length` 32-bit integers of a slot. */
export const int32View = (bytes: Uint8Array, length: number): Int32Array =>
  new Int32Array(bytes.buffer, bytes.byteOffset, length)

/** The first `length` doubles of a slot. */
export const float64View = (bytes: Uint8Array, length: number): Float64Array =>
  new Float64Array(bytes.buffer, bytes.byteOffset, length)
