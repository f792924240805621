import { formatDate, formatTimestamp } from '../civil.ts'
import type { DataType, Value } from '../types.ts'
import { powerOfTen } from './shapes.ts'

/** The text of a value that is not null, as the function `text` defines it. */
export const textOf = (value: Value, type: DataType): string => {
  if (typeof value !== 'number') return value ?? ''
  switch (type.kind) {
    case 'integer':
    case 'string':
      return String(value)
    case 'decimal':
      return decimalText(value, type.scale)
    case 'boolean':
      return value === 0 ? 'false' : 'true'
    case 'date':
      return formatDate(value)
    case 'timestamp':
      return timestampText(value)
  }
}

const decimalText = (unscaled: number, scale: number): string => {
  if (scale === 0) return String(unscaled)
  const size = Math.abs(unscaled)
  const unit = powerOfTen(scale)
  const fraction = String(size % unit).padStart(scale, '0')
  return `${unscaled < 0 ? '-' : ''}${Math.floor(size / unit)}.${fraction}`
}

const timestampText = (micros: number): string => {
  const text = formatTimestamp(micros)
  return text.includes('.') ? text : text.replace('Z', '.000000Z')
}
