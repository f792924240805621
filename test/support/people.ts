import {
  add,
  cases,
  concat,
  eq,
  key,
  mod,
  ordinal,
  parent,
  text,
} from '../../src/core/expr/build.ts'
import {
  children,
  column,
  hidden,
  plan,
  range,
  table,
  union,
  virtualTable,
} from '../../src/core/plan/build.ts'
import type { Plan, Table } from '../../src/core/plan/plan.ts'

const source = (name: string, records: number): Table =>
  table(`raw_${name}_customers`, {
    rows: children('people', 2, mod(add(key(), records), 3)),
    key: ['record_id'],
    columns: [
      column('record_id', concat(`${name}-`, text(key()))),
      column(
        'first_name',
        cases([[eq(mod(key(), 5), 0), 'Jon']], concat('John', text(parent('person')))),
      ),
      column('last_name', concat('Smith', text(parent('person')))),
      column(`only_${name}`, key()),
      hidden('person', parent('person')),
    ],
  })

const truth = (name: string): Table =>
  table(name, {
    rows: union(3, ['raw_crm_customers', 1], ['raw_erp_customers', 2]),
    columns: [
      column('source', cases([[eq(ordinal(), 1), 'crm']], 'erp')),
      column('record_id', parent('record_id')),
      column('entity_id', parent('person')),
    ],
  })

/**
 * 30 people with up to two records in the CRM and the ERP, whose landed names tell who they are, and the truth: the
 * person behind each record, and a ledger whose entries are 0 to 4 a record.
 */
export const people: Plan = plan({
  name: 'people',
  seed: 42,
  tables: [
    virtualTable('people', { rows: range(30), columns: [column('person', key())] }),
    source('crm', 0),
    source('erp', 1),
    truth('truth_xref'),
    table('truth_ledger', {
      rows: children('truth_xref', 5, mod(key(), 5)),
      columns: [
        column('source', parent('source')),
        column('record_id', parent('record_id')),
        column('step', ordinal()),
      ],
    }),
  ],
})
