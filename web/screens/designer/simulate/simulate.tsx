import {
  ActionIcon,
  Badge,
  Button,
  Card,
  Group,
  ScrollArea,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { TestStep } from '../../../../definitions/format.ts'
import { conditionWords } from '../../../../definitions/words/condition.ts'
import type { JsonObject } from '../../../../domain/json.ts'
import { useFormat } from '../../../format/use-format.ts'
import { Empty } from '../../../ui/states.tsx'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { modeWords } from '../mode-words.ts'
import { asTest, possible } from '../model/run.ts'
import { stateAt } from '../model/states.ts'
import { DurationField } from '../parts/fields.tsx'
import type { Simulation } from './use-simulation.ts'

/** A made-up order that one walks through the definition: press as a role, answer calls or let them fail, choose facts, move the clock. */
export function Simulate({ simulation }: { simulation: Simulation }) {
  const { definition, catalogues, edit, readOnly } = useDraft()
  const say = useWords(modeWords)
  const text = useText()
  const { dateTime } = useFormat()
  const [delay, setDelay] = useState('P1D')
  const [name, setName] = useState('')
  const { steps, runs, facts } = simulation
  const last = runs?.at(-1)
  if (last === undefined) return <Empty title={say('notRunnable')} hint={say('notRunnableHint')} />
  const next = possible(definition, catalogues, last.in)
  const isOver = last.outcome !== null
  return (
    <ScrollArea h="100%" viewportProps={{ tabIndex: -1 }}>
      <Stack p="md" gap="sm">
        <Group justify="space-between">
          <Title order={2} fz="md">
            {isOver ? say('ended', { outcome: text(definition.outcomes[last.outcome ?? '']?.label) }) : say('now')}
          </Title>
          <Group gap={4}>
            <ActionIcon
              variant="default"
              aria-label={say('back')}
              disabled={steps.length === 0}
              onClick={simulation.back}
            >
              <IconArrowBackUp size={16} />
            </ActionIcon>
            <ActionIcon variant="default" aria-label={say('restart')} onClick={simulation.restart}>
              <IconRefresh size={16} />
            </ActionIcon>
          </Group>
        </Group>
        <Group gap={6} data-present={last.in.join(' ')}>
          {last.in.map((id) => (
            <Badge key={id} size="lg" variant="light">
              {text(stateAt(definition, id.slice(1))?.label)}
            </Badge>
          ))}
          <Text fz="xs" c="dimmed">
            {dateTime(last.now)}
          </Text>
        </Group>
        {last.rejected !== null && (
          <Card withBorder p="xs" role="alert">
            <Text fz="sm" c="var(--mantine-color-error)">
              {say('rejected', { code: last.rejected })}
            </Text>
            {last.reasons.flatMap(({ leaves }) =>
              leaves
                .filter(({ result }) => result === 'false')
                .map((leaf, i) => (
                  <Text key={i} fz="xs">
                    {text(
                      conditionWords(
                        {
                          fact: leaf.fact,
                          ...(leaf.path !== undefined && { path: leaf.path }),
                          operator: 'equal',
                          value: leaf.expected as string,
                        },
                        definition,
                      ),
                    )}{' '}
                    ({JSON.stringify(leaf.actual ?? null)})
                  </Text>
                )),
            )}
          </Card>
        )}
        {last.incidents.map(({ place, type }) => (
          <Text key={place} fz="sm" c="var(--mantine-color-error)">
            {say('incident', { type })} · {place}
          </Text>
        ))}
        {!isOver && (
          <>
            <Text fz="sm" fw={700}>
              {say('buttons')}
            </Text>
            {next.events.length === 0 && <Text fz="xs">{say('noEvents')}</Text>}
            {next.events.map((event) => (
              <Press key={`${event.name} ${steps.length}`} event={event} onPress={simulation.add} />
            ))}
            {next.calls.length > 0 && (
              <Text fz="sm" fw={700}>
                {say('callsNow')}
              </Text>
            )}
            {next.calls.map((call) => (
              <Answer key={`${call.id} ${steps.length}`} call={call} onAnswer={simulation.add} />
            ))}
            <Group align="end" wrap="nowrap" gap="xs">
              <DurationField label={say('clock')} value={delay} calendar={undefined} onChange={setDelay} />
              <Button size="xs" variant="light" onClick={() => simulation.add({ advance: delay })}>
                {say('goOn')}
              </Button>
            </Group>
          </>
        )}
        {Object.keys(facts).length > 0 && (
          <JsonField label={say('facts')} value={facts} onChange={simulation.setFacts} />
        )}
        {!readOnly && steps.length > 0 && (
          <Group align="end" wrap="nowrap" gap="xs">
            <TextInput
              size="xs"
              flex={1}
              label={say('testName')}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Button
              size="xs"
              disabled={name.trim() === ''}
              onClick={() => {
                edit({
                  type: 'set',
                  path: `$.tests[${definition.tests?.length ?? 0}]`,
                  value: asTest(name.trim(), steps, facts, runs ?? []),
                })
                setName('')
                notifications.show({ color: 'teal', message: say('testSaved') })
              }}
            >
              {say('saveTest')}
            </Button>
          </Group>
        )}
      </Stack>
    </ScrollArea>
  )
}

type Next = ReturnType<typeof possible>

function Press({ event, onPress }: { event: Next['events'][number]; onPress: (step: TestStep) => void }) {
  const { catalogues } = useDraft()
  const say = useWords(modeWords)
  const text = useText()
  const [role, setRole] = useState(event.roles[0] ?? 'admin')
  const [payload, setPayload] = useState(event.payload)
  return (
    <Card withBorder p="xs">
      <Stack gap={6}>
        <Group gap={6} wrap="nowrap">
          <Button
            size="compact-sm"
            onClick={() =>
              onPress({
                send: event.name,
                ...(event.kind === 'user' && { by: { role } }),
                ...(Object.keys(payload).length > 0 && { payload }),
              })
            }
          >
            {text(event.label)}
          </Button>
          {event.kind === 'user' && (
            <Select
              size="xs"
              flex={1}
              aria-label={say('as')}
              data={Object.entries(catalogues.roles).map(([value, label]) => ({ value, label: text(label) }))}
              value={role}
              searchable
              allowDeselect={false}
              onChange={(value) => setRole(value ?? role)}
            />
          )}
        </Group>
        {Object.keys(event.payload).length > 0 && (
          <JsonField label={say('with')} value={payload} onChange={setPayload} />
        )}
      </Stack>
    </Card>
  )
}

function Answer({ call, onAnswer }: { call: Next['calls'][number]; onAnswer: (step: TestStep) => void }) {
  const say = useWords(modeWords)
  const text = useText()
  const [output, setOutput] = useState(call.output)
  const [error, setError] = useState(call.errors[0] ?? 'Failed')
  return (
    <Card withBorder p="xs">
      <Stack gap={6}>
        <Text fz="sm">{text(call.label)}</Text>
        <Group gap={6} wrap="nowrap">
          <Button size="compact-sm" color="teal" onClick={() => onAnswer({ complete: call.id, output })}>
            {say('answers')}
          </Button>
          <Button size="compact-sm" color="red" variant="light" onClick={() => onAnswer({ fail: call.id, error })}>
            {say('fails')}
          </Button>
          <Select
            size="xs"
            flex={1}
            aria-label={say('fails')}
            data={[...new Set([...call.errors, 'Failed'])]}
            value={error}
            allowDeselect={false}
            onChange={(value) => setError(value ?? error)}
          />
        </Group>
        {Object.keys(call.output).length > 0 && <JsonField label={say('with')} value={output} onChange={setOutput} />}
      </Stack>
    </Card>
  )
}

/** Made-up data as JSON; what is not right yet is not taken. */
function JsonField({
  label,
  value,
  onChange,
}: {
  label: string
  value: JsonObject
  onChange: (value: JsonObject) => void
}) {
  const [fault, setFault] = useState(false)
  return (
    <Textarea
      size="xs"
      dir="ltr"
      ff="monospace"
      label={label}
      autosize
      minRows={1}
      maxRows={8}
      error={fault}
      defaultValue={JSON.stringify(value, null, 1)}
      onChange={({ currentTarget }) => {
        try {
          onChange(JSON.parse(currentTarget.value) as JsonObject)
          setFault(false)
        } catch {
          setFault(true)
        }
      }}
    />
  )
}
