import type { TypedPromise } from '../plan/typed.ts'

/** A promise about rows side by side, which no single pass can measure. */
export type AcrossRows = Extract<TypedPromise, { kind: 'unique' | 'disjoint' | 'replay' }>

/** Whether a promise is about rows side by side. */
export const isAcrossRows = (promise: TypedPromise): promise is AcrossRows =>
  promise.kind === 'unique' || promise.kind === 'disjoint' || promise.kind === 'replay'
