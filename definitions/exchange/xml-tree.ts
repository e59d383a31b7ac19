import { SaxesParser } from 'saxes'
import { notImportable } from './refusal.ts'

/** An element of an XML text. `place` is line and column of its start. */
export interface XmlElement {
  uri: string
  name: string
  attributes: Readonly<Record<string, string>>
  children: XmlElement[]
  text: string
  place: string
}

const limits = { bytes: 2 * 1024 * 1024, depth: 40, elements: 20_000 }

/**
 * Reads a well-formed XML text with namespaces. No document type and no entities beyond XML's five, so nothing outside is
 * read and nothing multiplies. Ends in DomainError `NotImportable` with line and column; 2 MB, 20,000 elements, 40 levels.
 */
export function readXml(text: string): XmlElement {
  if (new TextEncoder().encode(text).length > limits.bytes)
    throw notImportable('$', { en: 'larger than 2 MB', fa: 'بزرگ‌تر از ۲ مگابایت' })
  const parser = new SaxesParser({ xmlns: true, position: true })
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let count = 0
  const here = () => `line ${parser.line}, column ${parser.column}`
  parser.on('doctype', () => {
    throw notImportable(here(), { en: 'a document type is not read', fa: 'نوع سند (DOCTYPE) خوانده نمی‌شود' })
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    count += 1
    if (count > limits.elements || open.length >= limits.depth)
      throw notImportable(here(), { en: 'too many elements, or nested too deep', fa: 'عنصرها بسیار یا تودرتوست' })
    const element: XmlElement = {
      uri,
      name: local,
      attributes: Object.fromEntries(Object.values(attributes).map((one) => [one.local, one.value])),
      children: [],
      text: '',
      place: here(),
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('text', (part) => {
    const last = open.at(-1)
    if (last !== undefined) last.text += part
  })
  parser.on('cdata', (part) => {
    const last = open.at(-1)
    if (last !== undefined) last.text += part
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.on('error', (fault) => {
    throw notImportable(here(), { en: fault.message, fa: 'متن XML درست نیست' })
  })
  parser.write(text).close()
  if (root === undefined) throw notImportable('$', { en: 'the text is empty', fa: 'متن تهی است' })
  return root
}
