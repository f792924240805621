import type { DatasetDefinition } from '../definition.ts'
/** The mdm dataset: one pool of customers as three systems know them, and the truth about them. */
export declare const mdm: DatasetDefinition
