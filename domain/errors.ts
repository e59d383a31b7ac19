/** Text for people, in both languages of the product. */
export interface Text {
  fa: string
  en: string
}

/**
 * The caller's fault: a wish that the rules of the business forbid.
 * `code` is stable and documented; `text` is what a person reads; `place` is the path of the offending input.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: string
  readonly text: Text
  readonly place: string | undefined

  constructor(code: string, text: Text, place?: string) {
    super(place === undefined ? `${code}: ${text.en}` : `${code} at ${place}: ${text.en}`)
    this.code = code
    this.text = text
    this.place = place
  }
}
