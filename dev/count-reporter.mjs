import { writeSync } from 'node:fs'

/** Ends the run with the plain line `N passed, N failed` that continuous integration reads; a run of no tests is a failure. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError).length
    const skipped = results.numPendingTests + results.numTodoTests
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    this.nothingRan = results.numPassedTests + results.numFailedTests + broken === 0
    // The summary of jest's own reporter comes after this call, hence the wait for the exit.
    process.once('exit', () => {
      writeSync(1, `\n${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${tail}\n`)
    })
  }

  getLastError() {
    return this.nothingRan ? new Error('not one test ran') : undefined
  }
}
