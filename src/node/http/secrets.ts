/** The tokens and secrets of a session, so that no text that leaves it carries one. */
export interface Secrets {
  /** Remembers a secret and gives it back. */
  readonly keep: (secret: string) => string
  /** The text with every secret replaced. */
  readonly clean: (text: string) => string
}

/** Remembers no secret yet. */
export const createSecrets = (): Secrets => {
  const known = new Set<string>()
  return {
    keep: (secret) => {
      if (secret.length >= SHORTEST) known.add(secret).add(encodeURIComponent(secret))
      return secret
    },
    clean: (text) =>
      [...known].reduce((cleaned, secret) => cleaned.replaceAll(secret, '[secret]'), text),
  }
}

/** A shorter text is no secret worth the name, and replacing it would spoil messages. */
const SHORTEST = 6
