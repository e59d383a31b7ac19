import { Badge, Button, Group, Skeleton, Text } from '@mantine/core'
import { useMemo } from 'react'
import { api } from '../../client/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { usePreferences } from '../../shell/preferences.tsx'
import { Drawing, type Travelled } from '../../ui/drawing/drawing.tsx'
import { Legend } from '../../ui/drawing/legend.tsx'
import { Section, When } from '../../ui/pieces.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useText, useWords } from '../../words/words.ts'
import classes from './order.module.css'
import type { Order } from './order.tsx'
import { orderWords } from './words.ts'

const pageSteps = 200

/** The path travelled, latest step first: who, when, where to, how long (WF12). */
export function OrderPath({ orderId }: { orderId: string }) {
  const say = useWords(orderWords)
  const text = useText()
  const { span } = useFormat()
  const path = usePath(orderId)
  const check = api.useQuery(
    'get',
    '/v1/orders/{id}/path/verification',
    { params: { path: { id: orderId } } },
    { enabled: false },
  )
  if (path.isError) return <Failed error={path.error} retry={() => void path.refetch()} />
  if (path.data === undefined) return <Loading />
  return (
    <Section
      title={say('path')}
      aside={
        check.data === undefined ? (
          <Button size="compact-xs" variant="default" loading={check.isFetching} onClick={() => void check.refetch()}>
            {say('verify')}
          </Button>
        ) : (
          <Badge color={check.data.whole ? 'teal' : 'red'} variant="light" tt="none">
            {say(check.data.whole ? 'whole' : 'broken')}
          </Badge>
        )
      }
    >
      <ol className={classes['steps']} reversed>
        {path.data.steps.toReversed().map((step) => (
          <li key={step.seq} className={classes['step']} data-seq={step.seq}>
            <Group justify="space-between" gap="xs" align="start">
              <div>
                <Text fz="sm" fw={600}>
                  {text(step.event.label) || text(happened(step))}
                </Text>
                <Text fz="xs" c="dimmed">
                  {step.actor?.name ?? step.actor?.id ?? say('system')} · <When at={step.at} />
                </Text>
              </div>
              <Text fz="xs" c="dimmed">
                {say('stayed', { span: span(step.lastedMs) })}
              </Text>
            </Group>
            <Group gap={6} mt={4}>
              {step.to.map((state) => (
                <Badge key={state.id} variant="light" color="gray" radius="sm" tt="none">
                  {text(state.label)}
                </Badge>
              ))}
            </Group>
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** The same path on the drawing of the version that the order runs by. */
export function PathDrawing({ order }: { order: Order }) {
  const { lang } = usePreferences()
  const say = useWords(orderWords)
  const path = usePath(order.id)
  const picture = api.useQuery(
    'get',
    '/v1/definitions/{id}/versions/{version}/drawing',
    { params: { path: { id: order.definitionId, version: order.definitionVersion }, query: { locale: lang } } },
    { staleTime: Number.POSITIVE_INFINITY },
  )
  const travelled = useMemo((): Travelled => {
    const steps = path.data?.steps ?? []
    const visited = new Set(steps.flatMap(({ to }) => to.map(({ id }) => id)))
    const roads = new Set(steps.flatMap(({ from, to }) => from.flatMap((a) => to.map((b) => `${a.id} ${b.id}`))))
    return { present: new Set(order.states.map(({ id }) => id)), visited, roads }
  }, [path.data, order.states])
  if (picture.isError) return <Failed error={picture.error} retry={() => void picture.refetch()} />
  return (
    <Section title={say('drawing')} aside={<Legend />} flush>
      {picture.data === undefined ? (
        <Skeleton height={420} radius={0} />
      ) : (
        <Drawing picture={picture.data} travelled={travelled} />
      )}
    </Section>
  )
}

const usePath = (id: string) =>
  api.useQuery('get', '/v1/orders/{id}/path', { params: { path: { id }, query: { limit: pageSteps } } })

/** What happened of itself, in words: a call of the state ended, a time was up, the process began. */
function happened({
  event,
  from,
}: {
  event: { type: string; name: string }
  from: { label: { fa: string; en: string } }[]
}) {
  const [state] = from
  const words = kinds[event.type] ?? { fa: event.name, en: event.name }
  if (state === undefined || event.type === 'start') return words
  return { fa: `${words.fa}: ${state.label.fa}`, en: `${words.en}: ${state.label.en}` }
}

const kinds: Record<string, { fa: string; en: string }> = {
  start: { fa: 'آغاز فرایند', en: 'The process began' },
  done: { fa: 'انجام شد', en: 'Done' },
  error: { fa: 'خطا', en: 'Error' },
  failed: { fa: 'خطا', en: 'Error' },
  timer: { fa: 'پایان زمان', en: 'Time is up' },
  after: { fa: 'پایان زمان', en: 'Time is up' },
  raised: { fa: 'ادامهٔ خودکار', en: 'Went on by itself' },
}
