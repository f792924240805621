/** A whole number with its thousands apart by thin spaces: `1 234 567`. */
export const grouped = (value: number): string =>
  String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, '\u2009')

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** A size in bytes with three digits: `12.3 MB`. */
export const byteSize = (bytes: number): string => {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`
}

/** A number of a finding: whole ones with thousands apart, others with `digits` significant digits. */
export const figure = (value: number, digits = 4): string => {
  if (Number.isInteger(value)) return value < 0 ? `−${grouped(-value)}` : grouped(value)
  if (Math.abs(value) < 0.001)
    return value.toExponential(1).replace('e-', ' · 10⁻').replaceAll(/\d+$/g, superscript)
  return value.toPrecision(digits)
}

/** A share as a percentage: `12.3 %`. */
export const percent = (share: number): string => {
  const value = share * 100
  return `${value === 0 || value >= 10 ? value.toFixed(2) : value.toPrecision(3)} %`
}

const superscript = (digits: string): string =>
  [...digits].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')
