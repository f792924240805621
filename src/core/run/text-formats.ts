import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { cellTexts, type CellText, type DecodeUtf8 } from './cell-text.ts'

/** A line-wise text format: CSV by RFC 4180, or JSON objects one a line. */
export type TextFormat = 'csv' | 'jsonl'

/** Writes rows as text, block by block. */
export interface RowTextEncoder {
  /** What comes before the first row; empty for none. */
  readonly header: string
  /** The text of a block's rows, line ends included. */
  readonly rows: (blocks: readonly ColumnBlock[], rows: number) => string
}

/**
 * An encoder for rows of these columns. CSV has a header line, CR LF line ends, an empty field for null and `""` for
 * the empty text; JSON Lines has every column in every object, numbers and booleans as such, the rest as strings.
 */
export const createRowTextEncoder = (
  format: TextFormat,
  columns: readonly ColumnSpec[],
  decode: DecodeUtf8,
): RowTextEncoder => {
  const layout = format === 'csv' ? csvLayout(columns) : jsonLayout(columns)
  return {
    header: layout.header,
    rows: (blocks, rows) => {
      const cells = blocks.map((block, i) => layout.cell(i, cellTexts(columns[i]!, block, decode)))
      let text = ''
      for (let row = 0; row < rows; row++) {
        text += layout.before
        for (let i = 0; i < cells.length; i++) text += layout.label(i) + cells[i]!(row)
        text += layout.after
      }
      return text
    },
  }
}

interface Layout {
  readonly header: string
  readonly before: string
  readonly after: string
  /** What stands before the cell of column i. */
  readonly label: (column: number) => string
  readonly cell: (column: number, text: CellText) => (row: number) => string
}

const csvLayout = (columns: readonly ColumnSpec[]): Layout => ({
  header: `${columns.map(({ name }) => csvField(name)).join(',')}\r\n`,
  before: '',
  after: '\r\n',
  label: (column) => (column === 0 ? '' : ','),
  cell: (column, text) => {
    const quoted = columns[column]?.type.kind === 'string'
    return (row) => {
      const value = text(row)
      return value === null ? '' : quoted ? csvField(value) : value
    }
  },
})

/** A field of RFC 4180; the empty text is quoted, which tells it from null. */
const csvField = (text: string): string =>
  text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const jsonLayout = (columns: readonly ColumnSpec[]): Layout => {
  const labels = columns.map(({ name }, i) => `${i === 0 ? '' : ','}${JSON.stringify(name)}:`)
  return {
    header: '',
    before: '{',
    after: '}\n',
    label: (column) => labels[column] ?? '',
    cell: (column, text) => {
      const bare = isBare(columns[column])
      return (row) => {
        const value = text(row)
        return value === null ? 'null' : bare ? value : JSON.stringify(value)
      }
    },
  }
}

const isBare = (column: ColumnSpec | undefined): boolean =>
  column?.type.kind === 'integer' ||
  column?.type.kind === 'decimal' ||
  column?.type.kind === 'boolean'
