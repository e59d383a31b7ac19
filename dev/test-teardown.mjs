/** Jest calls this once after the last file of a project that runs on real parts; the first call ends the world. */
export default async function teardown() {
  const end = globalThis.endTestRun
  globalThis.endTestRun = undefined
  await end?.()
}
