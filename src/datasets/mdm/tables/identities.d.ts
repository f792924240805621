import type { Table } from '../../../core/plan/plan.ts'
/** identities: a person's surname and e-mail address between two changes. */
export declare const identityTable: () => Table
/** lines: a person's telephone number at each address of the household. */
export declare const lineTable: () => Table
