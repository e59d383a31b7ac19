import Handlebars from 'handlebars'
import { DomainError } from '../domain/errors.ts'
import type { JsonObject } from '../domain/json.ts'
import { type HelperName, helpersOf, type Locale } from './helpers.ts'
import { parseTemplate } from './syntax.ts'

const maxOutput = 64 * 1024
const maxWork = 10_000

/** A text and what fills it. */
export interface Rendering {
  text: string
  data: JsonObject
  locale: Locale
}

/**
 * The text of one message: plain text, never HTML. Variables that the data do not have are shown as nothing; only own
 * properties are read. Ends in DomainError `BadTemplate` (see parseTemplate), or `TemplateTooLarge` beyond 64 KB of
 * output, or when the rounds of all `each` times the statements of the text exceed 10,000, which keeps a rendering below a second of processor
 * time (A12).
 */
export function render({ text, data, locale }: Rendering): string {
  const { statements } = parseTemplate(text)
  const handlebars = Handlebars.create()
  for (const name of Object.keys(handlebars.helpers)) handlebars.unregisterHelper(name)
  let shown = 0
  for (const [name, helper] of Object.entries(helpersOf(locale)))
    handlebars.registerHelper(name, (value: unknown) => {
      const output = helper(value)
      shown += output.length
      if (shown > maxOutput) throw tooLarge()
      return output
    })
  registerBlocks(handlebars, Math.floor(maxWork / Math.max(1, statements)))
  const knownHelpers: Record<HelperName | 'if' | 'unless' | 'each', boolean> = {
    clock: true,
    digits: true,
    jalaliDate: true,
    rial: true,
    toman: true,
    if: true,
    unless: true,
    each: true,
  }
  // The text, never the tree that was read from it: a tree is run as code.
  const template = handlebars.compile(text, {
    knownHelpers: { ...unknown, ...knownHelpers },
    knownHelpersOnly: true,
    noEscape: true,
  })
  try {
    return within(template(data, { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false }))
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge() // beyond the longest string or the stack of the engine
    throw error
  }
}

/** Helpers that Handlebars would take for known. */
const unknown = { helperMissing: false, blockHelperMissing: false, with: false, log: false, lookup: false }

/** Our own blocks: `each` counts its rounds and its output, so that loops within loops are cut short. */
function registerBlocks(handlebars: typeof Handlebars, maxRounds: number): void {
  let rounds = 0
  const holds = (value: unknown) =>
    value !== undefined &&
    value !== null &&
    value !== false &&
    value !== '' &&
    value !== 0 &&
    !(Array.isArray(value) && value.length === 0)
  handlebars.registerHelper('if', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    return holds(value) ? options.fn(this) : options.inverse(this)
  })
  handlebars.registerHelper('unless', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    return holds(value) ? options.inverse(this) : options.fn(this)
  })
  handlebars.registerHelper('each', function (this: unknown, list: unknown, options: Handlebars.HelperOptions) {
    if (!Array.isArray(list) || list.length === 0) return options.inverse(this)
    let output = ''
    for (const [index, item] of list.entries()) {
      rounds += 1
      if (rounds > maxRounds) throw tooLarge()
      const data: Record<string, unknown> = {
        ...(options.data as Record<string, unknown>),
        index,
        first: index === 0,
        last: index === list.length - 1,
      }
      output = within(output + options.fn(item, { data }))
    }
    return output
  })
}

function within(output: string): string {
  if (output.length > maxOutput) throw tooLarge()
  return output
}

const tooLarge = () =>
  new DomainError('TemplateTooLarge', { en: 'the text becomes too long', fa: 'متن پیام بیش از اندازه بلند می‌شود' })
