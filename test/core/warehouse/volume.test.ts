import { expect, test } from 'vitest'
import { parseVolume } from '../../../src/core/warehouse/volume.ts'

test.each([
  ['/Volumes/main/bronze/v', '/Volumes/main/bronze/v'],
  ['/Volumes/main/bronze/v/', '/Volumes/main/bronze/v'],
  ['dbfs:/Volumes/main/bronze/v/made by us/ö', '/Volumes/main/bronze/v/made by us/ö'],
])('%s is the folder %s', (text, path) => {
  expect(parseVolume(text)).toEqual({ catalog: 'main', schema: 'bronze', volume: 'v', path })
})

test.each([
  '',
  'main.bronze.v',
  '/Volumes/main/bronze',
  '/volumes/main/bronze/v',
  'Volumes/main/bronze/v',
  '/Volumes/main/bro nze/v',
  '/Volumes/ma.in/bronze/v',
  '/Volumes//bronze/v',
  '/Volumes/main/bronze/v//x',
  '/Volumes/main/bronze/v/../../x',
  '/Volumes/main/bronze/v/x\u0000',
  '/Volumes/main/bronze/v/a\nb',
  'https://x.cloud.databricks.com/Volumes/main/bronze/v',
])('%j is no path in a volume', (text) => {
  expect(() => parseVolume(text)).toThrow('is no path in a volume')
})
