import type { Expand, Level, Register, Slot, Step, VectorProgram } from './program.ts'

/** What slots are placed for: the program's parts that use them, and the slots that the runner itself reads. */
export interface Placement {
  readonly levels: readonly Level[]
  readonly constants: readonly Step[]
  readonly outputs: VectorProgram['outputs']
  readonly extra: readonly Slot[]
}

/**
 * Gives every slot that has none yet an address from `base` up, so that two slots share memory only when they are never alive together.
 * An inner level runs many times for one block of the outer one, so what it reads from outside stays alive throughout.
 * Returns the first address that is free for others.
 */
export const placeSlots = (base: number, placement: Placement): number => {
  const lives = findLives(placement)
  let end = base
  const active: Used[] = []
  const inOrder = [...lives].toSorted(([, a], [, b]) => a.first - b.first)
  for (const [slot, life] of inOrder) {
    const { address, place } = lowestGap(base, slot.bytes + SLACK, { active, now: life.first })
    slot.address = address
    const to = address + roundUp(slot.bytes + SLACK)
    active.splice(place, 0, { from: address, to, last: life.last })
    end = Math.max(end, to)
  }
  return end
}

/** Instructions may touch this many bytes beyond a register's end. */
const SLACK = 1024

const roundUp = (bytes: number): number => Math.ceil(bytes / 64) * 64

interface Life {
  first: number
  last: number
}

interface Used {
  readonly from: number
  readonly to: number
  readonly last: number
}

/** The lowest address with room, and where that is among what is still alive; forgets what is not. */
const lowestGap = (
  base: number,
  bytes: number,
  { active, now }: { readonly active: Used[]; readonly now: number },
): { readonly address: number; readonly place: number } => {
  let address = base
  let place = -1
  let kept = 0
  for (const used of active) {
    if (used.last < now) continue
    if (place < 0 && used.from - address >= bytes) place = kept
    if (place < 0) address = Math.max(address, used.to)
    active[kept++] = used
  }
  active.length = kept
  return { address, place: place < 0 ? kept : place }
}

const findLives = ({ levels, constants, outputs, extra }: Placement): ReadonlyMap<Slot, Life> => {
  const lives = new Map<Slot, Life>()
  let time = 0
  const touch = (slot: Slot): void => {
    if (slot.address >= 0) return
    const life = lives.get(slot)
    if (life === undefined) lives.set(slot, { first: time, last: time })
    else life.last = time
  }
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      time += 1
      walkStep(step)
    }
  }
  const walkStep = (step: Step): void => {
    switch (step.kind) {
      case 'run':
        for (const arg of step.args) if (typeof arg !== 'number') touch(arg)
        return
      case 'branch':
        touch(step.choice)
        touch(step.index)
        return walk(step.body)
      case 'partition':
        return [step.choice, step.state, ...step.lists.map(({ index }) => index)].forEach(touch)
      case 'within':
        return walk(step.body)
      case 'tally':
        touch(step.ordinal.at)
        touch(step.out.at)
        return
      case 'fold':
        return loop(() => {
          expandSlots(step.expand).forEach(touch)
          walk(step.body)
          expandSlots(step.expand).forEach(touch)
        })
    }
  }
  /** What was alive before a loop and is used in it, stays alive to its end. */
  const loop = (body: () => void): void => {
    const start = time
    time += 1
    body()
    time += 1
    for (const life of lives.values())
      if (life.first <= start && life.last > start) life.last = time
  }
  walk(constants)
  const persistent = new Set(lives.keys())
  const descend = (at: number): void => {
    const level = levels[at]
    if (level === undefined) return
    loop(() => {
      if (level.expand !== undefined) expandSlots(level.expand).forEach(touch)
      registerSlots(level.key).forEach(touch)
      if (at === 0) extra.forEach(touch)
      walk(level.steps)
      descend(at + 1)
      time += 1
      registerSlots(level.key).forEach(touch)
      if (level.expand !== undefined) expandSlots(level.expand).forEach(touch)
      if (at === levels.length - 1)
        outputs.flatMap((each) => registerSlots(each.register)).forEach(touch)
    })
  }
  descend(0)
  for (const slot of persistent) lives.set(slot, { first: 0, last: Number.MAX_SAFE_INTEGER })
  return lives
}

const expandSlots = ({ count, state, index, ordinal }: Expand): readonly Slot[] => [
  count,
  state,
  index,
  ordinal,
]

const registerSlots = (register: Register): readonly Slot[] => [
  register.at,
  ...(register.nulls === undefined ? [] : [register.nulls]),
  ...(register.form === 'bytes' ? [register.offsets] : []),
]
