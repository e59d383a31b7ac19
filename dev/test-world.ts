/** Addresses that the setup of a test run (`test-globals.ts`) hands to the test files, by way of their environment. */
export type TestWorld = {
  /** A migrated, otherwise empty database, to be cloned with `testDatabase`. */
  templateUrl: string
  temporalAddress: string
  /** The bundled workflows, for `Worker.create({ workflowBundle: { codePath } })`; empty while there are none. */
  workflowBundle: string
}

const variables = {
  templateUrl: 'SAMFONY_TEST_TEMPLATE_URL',
  temporalAddress: 'SAMFONY_TEST_TEMPORAL_ADDRESS',
  workflowBundle: 'SAMFONY_TEST_WORKFLOW_BUNDLE',
} as const

/** The world of this run. Throws an Error in a test of the project `unit`, which has none. */
export function testWorld(): TestWorld {
  const read = (name: keyof TestWorld) => {
    const value = process.env[variables[name]]
    if (value !== undefined) return value
    throw new Error('A test of real parts is named *.stack.test.ts or lives in tests/: only there jest starts them.')
  }
  return {
    templateUrl: read('templateUrl'),
    temporalAddress: read('temporalAddress'),
    workflowBundle: read('workflowBundle'),
  }
}

/** Called once, before the first test file. */
export function publishTestWorld(world: TestWorld): void {
  for (const [name, variable] of Object.entries(variables)) process.env[variable] = world[name as keyof TestWorld]
}
