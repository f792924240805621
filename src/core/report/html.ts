/** Text that is HTML already; everything else is escaped when it is put into a page. */
export interface Html {
  readonly html: string
}

/** What a template takes: texts and numbers are escaped, HTML and lists of it go in as they are. */
export type Content = string | number | Html | readonly Html[]

/** A template literal that escapes what is put into it, in element content and in quoted attributes alike. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Html => ({
  html: parts.map((part, i) => part + inserted(contents[i] ?? '')).join(''),
})

/** Nothing, where a page has no content. */
export const NOTHING: Html = { html: '' }

const inserted = (content: Content): string => {
  if (typeof content === 'string') return escaped(content)
  if (typeof content === 'number') return String(content)
  return 'html' in content ? content.html : content.map((each) => each.html).join('')
}

/** Control characters have no place in HTML; they are shown as the replacement character. */
const escaped = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
