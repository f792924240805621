/** The version that the text of a `_last_checkpoint` names; -1 when it is damaged. */
export const pointedVersion = (text: string): number => {
  try {
    const version = Number((JSON.parse(text) as { readonly version?: unknown } | null)?.version)
    return Number.isSafeInteger(version) ? version : -1
  } catch {
    return -1
  }
}
