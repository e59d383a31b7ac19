import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
  optional?: boolean
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Versions below which a weakness is known that this program could meet (A11, A12, A22 and others). */
const atLeast: Record<string, string> = {
  '@grpc/grpc-js': '1.10.9',
  'body-parser': '2.2.1',
  express: '5.1.0',
  handlebars: '4.7.10',
  'jsonpath-plus': '10.4.0',
  nodemailer: '7.0.7',
  'path-to-regexp': '8.0.0',
  qs: '6.14.1',
}

describe('what is installed (A29)', () => {
  test('every package is locked by its hash, and comes from the registry or from this repository', () => {
    const loose = packages.filter(([, { integrity, link }]) => integrity === undefined && link !== true)
    const elsewhere = packages.filter(
      ([, { resolved }]) =>
        resolved !== undefined && !/^(file:vendor\/|https:\/\/registry\.npmjs\.org\/)/.test(resolved),
    )

    expect(packages.length).toBeGreaterThan(100)
    expect(loose.map(([path]) => path)).toEqual([])
    expect(elsewhere.map(([path]) => path)).toEqual([])
  })

  test('versions are exact', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect([name, version]).toEqual([name, expect.stringMatching(/^(\d+\.\d+\.\d+(-[\w.]+)?|file:vendor\/.+)$/)])
  })

  test('a package that wants to run a script at its installation was looked at', () => {
    const undecided = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => nameOf(path))
      .filter((name) => !Object.hasOwn(manifest.allowScripts, name))

    expect([...new Set(undecided)].filter((name) => name !== 'fsevents')).toEqual([])
  })

  test.each(Object.entries(atLeast))('%s is %s or newer', (name, least) => {
    const found = packages.filter(([path]) => path === `node_modules/${name}`)

    expect(found).toHaveLength(1)
    for (const [, { version }] of found) expect([name, older(version ?? '0', least)]).toEqual([name, false])
  })
})

describe('what the deployment opens (A27)', () => {
  test('no port of Temporal or PostgreSQL is published, and what is published is on the loopback', () => {
    const published = [...readFileSync('docker-compose.yml', 'utf8').matchAll(/^\s*ports:\s*\[(.*)\]/gm)].flatMap(
      (line) => (line[1] ?? '').split(',').map((port) => port.replace(/["\s]/g, '')),
    )

    expect(published.length).toBeGreaterThan(0)
    for (const port of published) {
      expect(port).toMatch(/^127\.0\.0\.1:/)
      expect(port).not.toMatch(/:(7233|5432)$/)
    }
  })
})

describe('the statements of SQL (A14)', () => {
  // Where a statement is a text: a manager’s query in a read-only transaction, the words of a library, a column of our own.
  const known = new Set(['activities/foreign-facts.ts', 'api/login-guard.ts', 'db/order-notes.ts'])

  test('no statement is pasted together: values are bound, names are quoted', () => {
    const found = sources()
      .filter((file) => /\bsql\.raw\(|\.unsafe\(/.test(readFileSync(file, 'utf8')))
      .filter((file) => !known.has(file) && !/^(dev|bench|tests)\/|\.test\.ts$/.test(file))

    expect(found).toEqual([])
  })
})

function sources(folder = '.'): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : join(folder, entry.name)
    if (entry.isDirectory()) return /^(node_modules|dist|\..+|web)$/.test(entry.name) ? [] : sources(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

function older(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('-', 1)[0]?.split('.').map(Number) ?? [])
  for (let i = 0; i < 3; i++) if ((a?.[i] ?? 0) !== (b?.[i] ?? 0)) return (a?.[i] ?? 0) < (b?.[i] ?? 0)
  return false
}
