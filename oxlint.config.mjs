import { readFileSync } from 'node:fs'
import { defineConfig } from 'oxlint'

/** Who may import whom. A room always sees itself. `types`: `import type` only. `except`: a file open all the same. ARCHITECTURE.md says why. */
const rooms = {
  domain: { packages: ['jalaali-js'] },
  definitions: {
    rooms: ['domain'],
    packages: ['@cfworker/json-schema', 'ajv', 'ajv-formats', 'elkjs', 'jsonc-parser', 'saxes'],
  },
  workflows: {
    rooms: ['domain', 'definitions'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  db: { rooms: ['domain'], types: ['definitions'], packages: ['drizzle-orm', 'postgres', 'node:*'] },
  gateways: { rooms: ['domain'], packages: ['zod', 'soap', 'nodemailer', 'node:*'] },
  templates: { rooms: ['domain'], packages: ['handlebars', '@myriaddreamin/typst-ts-node-compiler', 'node:*'] },
  rules: { rooms: ['domain', 'db'], types: ['gateways'], packages: ['json-rules-engine', 'node:*'] },
  activities: {
    rooms: ['domain', 'definitions', 'db', 'gateways', 'templates', 'rules'],
    packages: ['@temporalio/activity', '@temporalio/common', 'drizzle-orm', 'postgres', 'node:*'],
  },
  relay: {
    rooms: ['domain', 'definitions', 'db', 'gateways', 'templates'],
    except: ['workflows/messages.ts'],
    types: ['workflows'],
    packages: ['@temporalio/client', '@temporalio/common', 'node:*'],
  },
  api: {
    rooms: ['domain', 'definitions', 'db', 'templates'],
    types: ['workflows', 'gateways', 'rules'],
    except: ['workflows/messages.ts'],
    packages: [
      'express',
      '@temporalio/client',
      '@temporalio/common',
      'zod',
      '@asteasolutions/zod-to-openapi',
      'helmet',
      'better-sse',
      'pino-http',
      'pino',
      'rate-limiter-flexible',
      '@node-rs/argon2',
      'swagger-ui-express',
      'prom-client',
      'csv-stringify',
      'fflate',
      'elkjs',
      'drizzle-orm',
      'node:*',
    ],
  },
  cli: {
    rooms: ['domain', 'definitions', 'db', 'rules', 'templates'],
    types: ['workflows', 'api'],
    except: ['workflows/messages.ts', 'api/export/csv.ts', 'api/export/xlsx.ts'],
    packages: ['@temporalio/client', 'commander', 'node:*'],
  },
  sims: { rooms: ['domain'], packages: ['express', 'soap', 'smtp-server', 'node:*'] },
  web: {
    rooms: ['domain', 'definitions'],
    // The pattern `vazirmatn` would also take the web font of that name.
    packages: ['vazirmatn', '@cfworker/json-schema', 'elkjs', 'jsonc-parser'],
  },
}
const everyRoom = [...Object.keys(rooms), 'dev', 'tests', 'bench']
const everyPackage = ['node:*', ...Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)]
const up = ['..', '../..', '../../..']
const inside = (room) => up.flatMap((u) => [`${u}/${room}/*`, `${u}/${room}/**/*`])

const roomRules = ([room, { rooms: open = [], types = [], except = [], packages = [] }]) => ({
  files: [`${room}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: everyRoom.filter((r) => ![room, ...open, ...types].includes(r)).flatMap(inside),
            message: `${room}/ may not see this room (ARCHITECTURE.md)`,
          },
          {
            group: [...types.flatMap(inside), ...except.flatMap((f) => up.map((u) => `!${u}/${f}`))],
            allowTypeImports: true,
            message: `${room}/ sees this room as types only`,
          },
          {
            group: everyPackage.filter((p) => !packages.includes(p)).flatMap((p) => [p, `${p}/**`]),
            message: `${room}/ does not use this package`,
          },
        ].filter(({ group }) => group.length > 0),
      },
    ],
  },
})

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'jest', 'node', 'react', 'jsx-a11y'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', '.samfony', 'web/dist'],
  rules: {
    'typescript/no-floating-promises': 'error', // a forgotten `await` on an activity is the costliest slip here
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-unsafe-type-assertion': 'off', // branded constructors need one cast each
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-unassigned-import': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'no-unmodified-loop-condition': 'off', // flags that another async function changes
    'import/no-named-as-default-member': 'off', // `fc.property` is how fast-check is written
    'promise/no-callback-in-promise': 'off',
    'typescript/no-unnecessary-type-conversion': 'off', // a sum beyond 2^53 comes from the driver as text
    'typescript/unbound-method': 'off', // our objects are closures
    'unicorn/require-post-message-target-origin': 'off', // threads have no origin
    'unicorn/no-thenable': 'off', // `then` is a timer's word in the format
    'unicorn/no-useless-spread': 'off', // a copy guards a loop against what its body changes
    'no-await-in-loop': 'off', // order matters in most of our loops
    'unicorn/no-array-sort': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-reverse': 'off',
    'promise/always-return': 'off',
    'jest/no-conditional-expect': 'off',
    'jest/expect-expect': 'off',
    'jest/no-standalone-expect': 'off',
    'jest/valid-title': 'off',
    'jest/require-to-throw-message': 'off',
    'react/react-in-jsx-scope': 'off', // the compiler brings it
    'react/set-state-in-effect': 'off', // a field follows the address that it filters by
    'react/exhaustive-effect-dependencies': 'off',
    'react/no-unstable-nested-components': 'off', // cells of a table are functions of a row
    'react/purity': 'off', // how late something is depends on the clock
    'unicorn/prefer-dom-node-dataset': 'off',
  },
  overrides: [
    ...Object.entries(rooms).map(roomRules),
    { files: ['workflows/**/*.ts'], rules: { 'no-restricted-globals': ['error', 'fetch', 'process', 'setInterval'] } },
    {
      files: ['**/*.test.ts', 'web/browser/*.ts', 'definitions/interpreter/{oracle,semantics}/*.ts'],
      rules: { 'no-restricted-imports': 'off' },
    },
    {
      files: ['*.config.{ts,mjs}', 'web/*.config.{ts,mjs}', 'dev/*.mjs'],
      rules: { 'import/no-default-export': 'off', 'no-restricted-imports': 'off' },
    },
  ],
})
