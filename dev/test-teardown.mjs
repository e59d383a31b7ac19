/** Jest calls this once after the last file of the project `stack`. */
export default async function teardown() {
  await globalThis.endTestRun?.()
}
