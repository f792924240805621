import {
  and,
  col,
  eq,
  gt,
  not,
  isNull,
  nothing,
  or,
  parent,
  parentKey,
  STRING,
  when,
} from '../../../core/expr/build.ts'
import { check, children, column, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'

/** identity_edges: who is behind every identifier, so that identity resolution can be scored. */
export const edgeTable = (): Table =>
  table('identity_edges', {
    description:
      'One row an identifier value and person: the truth that identity resolution looks for.',
    rows: children('identity_mappings', 1, 1),
    key: ['identifier_value', 'individual_id'],
    columns: [
      column('identifier_value', parent('identifier_value'), {
        description: 'The value that identity_mappings shows.',
      }),
      column('household_id', parent('household_id'), { description: 'The household behind it.' }),
      column('individual_id', parent('individual_id'), { description: 'The person behind it.' }),
      column('shared', or(parent('is_tv'), parent('is_shared_cookie')), {
        description: 'Whether it belongs to the household, even if one adult alone carries it.',
      }),
    ],
    references: [
      { columns: ['household_id'], table: 'households', to: ['household_id'] },
      { columns: ['individual_id'], table: 'individuals', to: ['individual_id'] },
    ],
    promises: [
      {
        kind: 'unique',
        name: 'an identifier stands once a person',
        columns: ['identifier_value', 'individual_id'],
      },
    ],
  })

/** contacts: names, e-mail addresses and phone numbers whose hashes identity_mappings shows. */
export const contactTable = (): Table =>
  table('contacts', {
    description:
      'One row a person with an e-mail address or a phone number, in the normal form that is hashed. Nobody real has them.',
    rows: children(
      'individuals',
      1,
      when(or(eq(col('has_email'), 1), gt(col('device_slot'), col('phone_slot'))), 1, 0),
    ),
    key: ['individual_id'],
    columns: [
      column('individual_id', parentKey(), { description: 'Whose contacts they are.' }),
      column('given_name', parent('given_name'), { description: 'A name of the decade of birth.' }),
      column('family_name', parent('family_name'), { description: 'Often that of the household.' }),
      column('email', when(eq(parent('has_email'), 1), parent('email'), nothing(STRING)), {
        description: 'Trimmed and in lower case.',
      }),
      column(
        'phone',
        when(gt(parent('device_slot'), parent('phone_slot')), parent('phone'), nothing(STRING)),
        { description: 'In E.164, with an exchange that is never assigned.' },
      ),
    ],
    references: [{ columns: ['individual_id'], table: 'individuals', to: ['individual_id'] }],
    checks: [check('contacts_some', not(and(isNull(col('email')), isNull(col('phone')))))],
    promises: [
      {
        kind: 'unique',
        name: 'no two people share an e-mail address',
        columns: ['email'],
        where: not(isNull(col('email'))),
      },
    ],
  })
