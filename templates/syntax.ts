import Handlebars from 'handlebars'
import { DomainError } from '../domain/errors.ts'
import { helperNames } from './helpers.ts'

const maxBytes = 64 * 1024
const maxNesting = 4
const maxStatements = 500
const maxPathParts = 8
const blocks = new Set(['if', 'unless', 'each'])
const helpers = new Set<string>(helperNames)
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads a text and lets through only what a message needs: variables, our helpers, `if`, `unless` and `each`. Ends in
 * DomainError `BadTemplate` with line and column: no text, too large (64 KB, 500 statements), broken, or anything else (partials, raw output,
 * lookups, sub-expressions, names of prototypes).
 */
export function parseTemplate(text: unknown): { program: hbs.AST.Program; statements: number } {
  // A parsed tree handed in instead of a text would be run as code (CVE-2026-33937).
  if (typeof text !== 'string') throw bad('a template is a text', 'الگو باید متن باشد')
  if (new TextEncoder().encode(text).length > maxBytes)
    throw bad(`longer than ${maxBytes} bytes`, 'متن بیش از ۶۴ کیلوبایت است')
  let program: hbs.AST.Program
  try {
    program = Handlebars.parseWithoutProcessing(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const line = /on line (\d+)/.exec(message)?.[1] ?? /- (\d+):\d+$/.exec(message)?.[1] ?? '1'
    throw bad(message.split('\n')[0] ?? message, 'متن الگو درست نیست', `line ${line}`)
  }
  const budget = { left: maxStatements }
  visit(program.body, 0, budget)
  return { program, statements: maxStatements - budget.left }
}

/** The variables that a text reads, first names only, sorted. Inside `each` names are those of its items and are left out. */
export function variablesOf(text: string): string[] {
  const names = new Set<string>()
  const read = (expression: hbs.AST.Expression) => {
    const path = expression as hbs.AST.PathExpression
    if (path.type === 'PathExpression' && !path.data && path.parts[0] !== undefined) names.add(path.parts[0])
  }
  const walk = (statements: hbs.AST.Statement[]): void => {
    for (const statement of statements) {
      if (statement.type === 'MustacheStatement') {
        const { path, params } = statement as hbs.AST.MustacheStatement
        for (const one of params.length > 0 ? params : [path]) read(one)
      } else if (statement.type === 'BlockStatement') {
        const block = statement as hbs.AST.BlockStatement
        for (const one of block.params) read(one)
        if (nameOf(block.path) !== 'each') walk(block.program?.body ?? [])
        walk(block.inverse?.body ?? [])
      }
    }
  }
  walk(parseTemplate(text).program.body)
  return [...names].sort()
}

function visit(statements: hbs.AST.Statement[], depth: number, budget: { left: number }): void {
  for (const statement of statements) {
    budget.left -= 1
    if (budget.left < 0) throw refused(statement, `more than ${maxStatements} statements`)
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        break
      case 'MustacheStatement': {
        const { path, params, hash, escaped } = statement as hbs.AST.MustacheStatement & { escaped: boolean }
        if (!escaped) throw refused(statement, 'raw output')
        const name = nameOf(path)
        if (params.length > 0 || (hash?.pairs.length ?? 0) > 0) {
          if (!helpers.has(name) || params.length !== 1 || (hash?.pairs.length ?? 0) > 0) throw refused(statement, name)
        } else if (helpers.has(name) || blocks.has(name)) throw refused(statement, `${name} without a value`)
        else variable(path)
        for (const param of params) variable(param)
        break
      }
      case 'BlockStatement': {
        const block = statement as hbs.AST.BlockStatement
        const name = nameOf(block.path)
        if (!blocks.has(name) || block.params.length !== 1 || (block.hash?.pairs.length ?? 0) > 0)
          throw refused(statement, name)
        if (block.program?.blockParams !== undefined || block.inverse?.blockParams !== undefined)
          throw refused(statement, 'a name for the items')
        if (depth >= maxNesting) throw refused(statement, 'blocks nested too deep')
        for (const param of block.params) variable(param)
        visit(block.program?.body ?? [], depth + 1, budget)
        visit(block.inverse?.body ?? [], depth + 1, budget)
        break
      }
      default:
        throw refused(statement, statement.type)
    }
  }
}

function variable(expression: hbs.AST.Expression): void {
  if (expression.type !== 'PathExpression') {
    if (!/^(?:String|Number|Boolean)Literal$/.test(expression.type)) throw refused(expression, expression.type)
    return
  }
  const { parts, original } = expression as hbs.AST.PathExpression
  if (parts.length > maxPathParts) throw refused(expression, 'a path this long')
  if (parts.some((part) => typeof part !== 'string' || forbidden.has(part))) throw refused(expression, original)
}

function nameOf(expression: hbs.AST.Expression | hbs.AST.Literal): string {
  const { original } = expression as { original?: unknown }
  return typeof original === 'string' ? original : ''
}

const refused = (node: hbs.AST.Node, what: string) =>
  bad(
    `${what} is not allowed in a template`,
    `${what} در الگو مجاز نیست`,
    `line ${node.loc.start.line}, column ${node.loc.start.column + 1}`,
  )

const bad = (en: string, fa: string, place?: string) => new DomainError('BadTemplate', { en, fa }, place)
