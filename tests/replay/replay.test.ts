import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { testWorld } from '../../dev/test-world.ts'
import { historyOf } from './history-file.ts'
import { roads } from './roads.ts'

const folder = new URL('./histories/', import.meta.url)
const files = readdirSync(folder)
const bundle = () => ({ workflowBundle: { codePath: testWorld().workflowBundle } })
const read = (file: string) => historyOf(readFileSync(new URL(file, folder), 'utf8'))

describe('the corpus of recorded histories', () => {
  test('replays on the engine as it is now, each to its end', async () => {
    const failed: string[] = []
    let replayed = 0
    for await (const { workflowId, error } of Worker.runReplayHistories(bundle(), files.map(read))) {
      replayed += 1
      if (error !== undefined) failed.push(`${workflowId}: ${error.message}`)
    }

    expect(failed).toEqual([])
    expect(replayed).toBe(files.length)
  })

  test('has every road, stays small, and says nothing of the machine it was made on', () => {
    expect(files.sort()).toEqual(
      Object.keys(roads)
        .map((name) => `${name}.json`)
        .sort(),
    )
    const total = files.reduce((sum, file) => sum + statSync(new URL(file, folder)).size, 0)
    expect(total).toBeLessThan(1_500_000)
    for (const file of files) {
      const { events } = read(file).history
      const text = JSON.stringify(events, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      )
      for (const trace of [process.cwd(), '/home/', '/root/', '/tmp/', 'node_modules', 'stackTrace":"'])
        expect([file, trace, text.includes(trace)]).toEqual([file, trace, false])
    }
  })

  test('would tell: a history that the engine would not have made is refused', async () => {
    const { workflowId, history } = read('order-active.json')
    const calls = (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: call }) =>
      call ? [call] : [],
    )
    const [first, second] = calls
    if (!first?.activityType || !second?.activityType) throw new Error('an ADSL order makes calls')
    ;[first.activityType, second.activityType] = [second.activityType, first.activityType]

    await expect(Worker.runReplayHistory(bundle(), history, workflowId)).rejects.toThrow(/[Nn]ondeterminis/)
  })
})
