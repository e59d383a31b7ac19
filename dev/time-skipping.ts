import { TestWorkflowEnvironment } from '@temporalio/testing'
import { loadDevSettings } from '../config.ts'
import { temporalBinary, timeSkippingTestServer } from './temporal-binary.ts'

/**
 * Temporal's test server with a client, whose clock jumps over waits: for tests of deadlines. It has no lists, counts or
 * Schedules, and all its clients share the clock, so a test file starts its own, and ends it with `teardown()`.
 */
export async function timeSkippingServer(): Promise<TestWorkflowEnvironment> {
  const { SAMFONY_HOME, PATH } = loadDevSettings()
  const path = await temporalBinary(timeSkippingTestServer, { home: SAMFONY_HOME, path: PATH })
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })
}
