/** Ends the run with the plain line `N passed, N failed` that continuous integration reads. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError).length
    const skipped = results.numPendingTests + results.numTodoTests
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    process.stdout.write(`\n${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${tail}\n`)
  }
}
