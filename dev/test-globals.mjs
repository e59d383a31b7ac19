import { tsImport } from 'tsx/esm/api'

/** Jest calls this once before the first file of the project `stack`, and not at all when no such file is run. The projects share one world. */
export default async function setup() {
  const { startTestRun } = await tsImport('./test-run.ts', import.meta.url)
  globalThis.endTestRun ??= await startTestRun()
}
