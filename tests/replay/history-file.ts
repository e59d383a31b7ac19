import proto from '@temporalio/proto'

const { History } = proto.temporal.api.history.v1
type History = proto.temporal.api.history.v1.IHistory

/** What a history need not say to be replayed, and should not: the machine, its processes and its paths. (`sdkMetadata` it must: the SDK's own switches.) */
const dropped = new Set([
  'identity',
  'stackTrace',
  'workerVersion',
  'meteringMetadata',
  'searchAttributes',
  'userMetadata',
])

/** A recorded history as the text of a file. (The SDK's own `historyToJSON` fails where its packages have protobufjs each.) */
export function historyText(history: History): string {
  const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String })
  return `${JSON.stringify(plain, (key, value: unknown) => (dropped.has(key) ? undefined : value))}\n`
}

/** The history in the text of a file. */
export function historyOf(text: string): History {
  return History.fromObject(JSON.parse(text) as Record<string, unknown>)
}
