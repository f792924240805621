/** The items of a list as one text, and what stands between each two. */
export interface JoinedItems {
  readonly text: string
  readonly between: string
}

/**
 * Items as one text, which is a single literal where an array of literals is one for each; undefined when every
 * separator is part of an item.
 */
export const joinedItems = (values: ArrayLike<number | string>): JoinedItems | undefined => {
  const items = Array.from(values, String)
  const between = SEPARATORS.find((each) => !items.some((item) => item.includes(each)))
  return between === undefined ? undefined : { text: items.join(between), between }
}

/** Characters between the items of a list, which are no pattern. */
const SEPARATORS = [',', ';', '/', '~', '#', '_', '%', '\t', '\u0001', '\u0002', '\u0003']
