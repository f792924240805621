import type { NoiseStep } from '../../../core/noise/model.ts'
import { phoneFormats } from '../../../core/noise/operators/digits.ts'
import { missing } from '../../../core/noise/operators/fields.ts'
import type { Steps } from './model.ts'
import { FIRST, LAST } from './parts.ts'
import {
  birthErrors,
  fieldSwaps,
  otherProvider,
  phoneCopy,
  phoneSlips,
  slips,
  wordBreaks,
  wrongSex,
  zipErrors,
} from './slips.ts'
import { addressVariations, nameVariations } from './variations.ts'

/** What happens to a record, in this order. */
export const noiseSteps = (steps: Steps): readonly NoiseStep[] => [
  { name: 'name', operators: nameVariations(steps), odds: [] },
  { name: 'swap', operators: fieldSwaps(steps), odds: steps.slips },
  { name: 'first_slip', operators: slips(steps, 'first_name', FIRST), odds: steps.nameSlips },
  { name: 'last_slip', operators: slips(steps, 'last_name', LAST), odds: steps.nameSlips },
  { name: 'birth', operators: birthErrors(steps), odds: steps.slips },
  { name: 'sex', operators: [wrongSex(steps.rate('wrongOptions'))], odds: steps.slips },
  { name: 'provider', operators: [otherProvider(steps)], odds: [] },
  { name: 'email_slip', operators: slips(steps, 'email'), odds: steps.slips },
  { name: 'phone_slip', operators: phoneSlips(steps), odds: steps.slips },
  {
    name: 'phone_format',
    operators: phoneFormats('phone', steps.rate('phoneFormats') / 4),
    odds: [],
  },
  { name: 'address', operators: addressVariations(steps), odds: [] },
  { name: 'address_slip', operators: slips(steps, 'address_line1'), odds: steps.slips },
  { name: 'city_slip', operators: slips(steps, 'city'), odds: steps.slips },
  { name: 'zip_slip', operators: zipErrors(steps), odds: steps.slips },
  ...OPTIONAL.map((field) => ({
    name: `no_${field}`,
    operators: [missing(field, steps.rate('missing', field))],
    odds: steps.slips,
  })),
  // What came later stands behind, so that steps keep their numbers.
  { name: 'phone_copy', operators: [phoneCopy(steps)], odds: steps.slips },
  ...WORDS.map(([name, field]) => ({
    name,
    operators: wordBreaks(steps, field),
    odds: steps.slips,
  })),
]

const WORDS = [
  ['first_words', 'first_name'],
  ['last_words', 'last_name'],
  ['address_words', 'address_line1'],
  ['city_words', 'city'],
] as const

/** Fields that may be left empty. */
const OPTIONAL = ['middle_name', 'birth_date', 'email', 'phone', 'address_line2'] as const
