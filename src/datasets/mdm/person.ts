/** The fields that say who a record is about, in the order in which they land; noise may touch these alone. */
export const PERSON_FIELDS = [
  'first_name',
  'middle_name',
  'last_name',
  'suffix',
  'birth_date',
  'sex',
  'email',
  'phone',
  'address_line1',
  'address_line2',
  'city',
  'state',
  'zip_code',
] as const

/** A field that says who a record is about. */
export type PersonField = (typeof PERSON_FIELDS)[number]

/** What a catalogue says of each field. */
export const PERSON_DESCRIPTIONS: Readonly<Record<PersonField, string>> = {
  first_name: 'Given name.',
  middle_name: 'Middle name, if there is one.',
  last_name: 'Family name.',
  suffix: 'Jr., Sr., II or III, if there is one.',
  birth_date: 'Date of birth.',
  sex: 'F or M.',
  email: 'E-mail address; no two people share one.',
  phone: 'Phone number; members of a household may share its landline.',
  address_line1: 'House number and street.',
  address_line2: 'Apartment or unit, if there is one.',
  city: 'City.',
  state: 'Postal abbreviation of the state.',
  zip_code: 'Five-digit ZIP code of the city.',
}
