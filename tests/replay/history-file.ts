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

/** A recorded history as the text of a file, with the id of its workflow, which keys of calls are made from. (The SDK's own `historyToJSON` fails where its packages have protobufjs each.) */
export function historyText(workflowId: string, history: History): string {
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes
  if (started) started.workflowId = workflowId
  const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String })
  return `${JSON.stringify(plain, (key, value: unknown) => (dropped.has(key) ? undefined : value))}\n`
}

/** The history in the text of a file, and whose it is. */
export function historyOf(text: string): { workflowId: string; history: History } {
  const history = History.fromObject(JSON.parse(text) as Record<string, unknown>)
  return { workflowId: history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '', history }
}
