import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Json, JsonObject } from '../../domain/json.ts'
import { error, type Finding, type RuleId } from './finding.ts'
import { at, positionOf } from './place.ts'

const maxBytes = 512 * 1024
const maxDepth = 32
const poisonous = new Set(['__proto__', 'constructor', 'prototype'])

/** A text as JSON, or why it is refused: larger than 512 KB, nested deeper than 32, broken, keys twice or dangerous. */
export type Reading = { ok: true; value: Json; tree: Node } | { ok: false; findings: Finding[] }

/** Reads untrusted JSON. Size and depth are judged before anything recurses; nothing here touches a prototype. */
export function readJson(text: string): Reading {
  const size = new TextEncoder().encode(text).length
  if (size > maxBytes)
    return refuse(
      'E33',
      '$',
      `the text has ${size} bytes, more than ${maxBytes}`,
      `متن ${size} بایت است؛ حداکثر ${maxBytes}`,
    )
  const deep = firstTooDeep(text)
  if (deep !== undefined)
    return refuse('E33', '$', `nested deeper than ${maxDepth}`, `تودرتویی بیش از ${maxDepth}`, text, deep)

  const faults: ParseError[] = []
  const tree = parseTree(text, faults, { disallowComments: true, allowTrailingComma: false })
  const [fault] = faults
  if (fault !== undefined || tree === undefined) {
    const reason = fault === undefined ? 'the text is empty' : printParseErrorCode(fault.error)
    return refuse('E00', '$', `not JSON: ${reason}`, `متن JSON درست نیست: ${reason}`, text, fault?.offset ?? 0)
  }
  const findings: Finding[] = []
  const value = valueOf(tree, '$', text, findings)
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value, tree }
}

/** Offset of the first bracket beyond the depth limit; the scanner does not recurse. */
function firstTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true)
  let depth = 0
  for (let token: number = scanner.scan(); token !== tokens.end; token = scanner.scan()) {
    if (token === tokens.openBrace || token === tokens.openBracket) depth += 1
    if (token === tokens.closeBrace || token === tokens.closeBracket) depth -= 1
    if (depth > maxDepth) return scanner.getTokenOffset()
  }
  return undefined
}

/** SyntaxKind of jsonc-parser is a `const enum`, which erasable syntax cannot import as a value. */
const tokens = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 }

function valueOf(node: Node, path: string, text: string, findings: Finding[]): Json {
  const children = node.children ?? []
  if (node.type === 'array') return children.map((child, i) => valueOf(child, at(path, i), text, findings))
  if (node.type !== 'object') {
    if (typeof node.value === 'number' && !isSafe(node.value))
      findings.push(found('E00', path, 'a number beyond 2^53', 'عددی بزرگ‌تر از ۲ به توان ۵۳', text, node.offset))
    return node.value as Json
  }
  const value: JsonObject = {}
  for (const { children: [key, inner] = [] } of children) {
    if (key === undefined || inner === undefined) continue
    const name = key.value as string
    if (poisonous.has(name)) {
      findings.push(
        found('E32', at(path, name), `the key ${name} is forbidden`, `کلید ${name} ممنوع است`, text, key.offset),
      )
      continue
    }
    if (Object.hasOwn(value, name))
      findings.push(
        found('E00', at(path, name), `the key ${name} stands twice`, `کلید ${name} تکراری است`, text, key.offset),
      )
    value[name] = valueOf(inner, at(path, name), text, findings)
  }
  return value
}

const isSafe = (n: number) => Number.isFinite(n) && Math.abs(n) <= Number.MAX_SAFE_INTEGER

function found(rule: RuleId, path: string, en: string, fa: string, text = '', offset = 0): Finding {
  const { line, column } = positionOf(text, offset)
  const where = { en: `${en} (line ${line}, column ${column})`, fa: `${fa} (سطر ${line}، ستون ${column})` }
  return { ...error(rule, path, where), line, column }
}

const refuse = (...args: Parameters<typeof found>): Reading => ({ ok: false, findings: [found(...args)] })
