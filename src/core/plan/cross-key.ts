/** The key a cross has at given keys of its dimensions. */
export const crossKey = (
  dimensions: readonly { readonly capacity: number }[],
  keys: readonly number[],
): number => dimensions.reduce((key, { capacity }, i) => key * capacity + (keys[i] ?? 0), 0)
