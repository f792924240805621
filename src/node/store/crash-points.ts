import type { ObjectWriter, Store } from '../../core/ports.ts'

/** Called before and after each step of a store; to kill the process there, or to throw. */
export type CrashHook = (point: string, moment: 'before' | 'after') => void | Promise<void>

/**
 * A store that announces every step that changes it: `<path>:create`, `:write`, `:sync`, `:link`, `:abort`, `:remove`,
 * and `<to>:rename`. The steps themselves are the store's own; a hook that throws keeps the step from happening or,
 * after it, its caller from learning of it.
 */
export const withCrashPoints = (store: Store, hook: CrashHook): Store => {
  const around = async <T>(point: string, step: () => Promise<T>): Promise<T> => {
    await hook(point, 'before')
    const result = await step()
    await hook(point, 'after')
    return result
  }
  const { publish } = store
  return {
    ...store,
    create: async (path) => {
      const writer = await around(`${path}:create`, () => store.create(path))
      return announcedWriter(writer, (step, work) => around(`${path}:${step}`, work))
    },
    remove: (path) => around(`${path}:remove`, () => store.remove(path)),
    ...(publish === undefined
      ? {}
      : { publish: (from, to) => around(`${to}:rename`, () => publish(from, to)) }),
  }
}

type Around = <T>(step: string, work: () => Promise<T>) => Promise<T>

const announcedWriter = (writer: ObjectWriter, around: Around): ObjectWriter => ({
  write: (bytes) => around('write', () => writer.write(bytes)),
  sync: () => around('sync', () => writer.sync()),
  commit: () => around('link', () => writer.commit()),
  abort: () => around('abort', () => writer.abort()),
})
