import { fail } from '../errors.ts'
import { quote } from '../plan/names.ts'

/** A folder in a volume of Unity Catalog, or the volume itself. */
export interface VolumeFolder {
  readonly catalog: string
  readonly schema: string
  readonly volume: string
  /** From `/Volumes/` on, without a slash at its end. */
  readonly path: string
}

/**
 * Reads `/Volumes/<catalog>/<schema>/<volume>`, perhaps with folders behind it, a slash at the end, and `dbfs:` before
 * it, as Databricks' own command line has it. Fails with usage.option on anything else, and on what would lead elsewhere.
 */
export const parseVolume = (text: string): VolumeFolder => {
  const path = text.replace(/^dbfs:/, '').replace(/\/$/, '')
  const [before, root, catalog = '', schema = '', volume = '', ...folders] = path.split('/')
  const fits =
    before === '' &&
    root === 'Volumes' &&
    [catalog, schema, volume].every((name) => NAME.test(name)) &&
    folders.every((each) => FOLDER.test(each) && each !== '.' && each !== '..')
  if (fits) return { catalog, schema, volume, path }
  return fail('usage.option', `${quote(text)} is no path in a volume`, {
    hint: 'such as /Volumes/<catalog>/<schema>/<volume>',
  })
}

/** What Unity Catalog takes for a name. (docs.databricks.com/sql/language-manual/sql-ref-names) */
const NAME = /^[^./\s\p{Cc}]{1,255}$/u

const FOLDER = /^[^/\p{Cc}]+$/u
