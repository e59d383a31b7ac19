import { MultiSelect, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import { at } from '../../../../definitions/check/place.ts'
import type { Invoke, Notification, Timer } from '../../../../definitions/format.ts'
import type { Json, JsonObject } from '../../../../domain/json.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { transitionsOf } from '../model/roads.ts'
import { transitionWords } from '../model/say.ts'
import { pathOf, stateAt, stateOf, statesOf } from '../model/states.ts'
import { valueAt } from '../model/tree.ts'
import { DurationField, LabelFields, useRoles } from '../parts/fields.tsx'
import { PanelHead } from './panel-head.tsx'
import { PartLine, Section } from './section.tsx'
import { panelWords } from './words.ts'

/** A part's way to change itself, and to be taken away. */
function usePart(path: string) {
  const { edit, select, readOnly } = useDraft()
  return {
    readOnly,
    set: (part: string, value: unknown, as?: string) => edit({ type: 'set', path: at(path, part), value }, as),
    remove: () => {
      edit({ type: 'set', path, value: undefined })
      select(pathOf(stateOf(path)))
    },
  }
}

/** Where a deadline or an answer leads, as a choice; none = it stays. */
function LeadsTo({ list, from }: { list: string; from: string }) {
  const { definition, edit, readOnly } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  const target = valueAt<string>(definition, `${list}[0].target`)
  return (
    <Select
      size="xs"
      label={say('leadsTo')}
      disabled={readOnly}
      data={statesOf(definition)
        .filter(({ id }) => id !== from)
        .map(({ id, state }) => ({ value: `#${id}`, label: text(state.label) }))}
      value={target ?? null}
      placeholder={say('stays')}
      searchable
      clearable
      onChange={(value) =>
        edit(
          value === null
            ? { type: 'set', path: list, value: undefined }
            : { type: 'set', path: at(`${list}[0]`, 'target'), value },
        )
      }
    />
  )
}

/** A deadline: after how long, by which calendar, and where the order goes then. */
export function DeadlinePanel({ path }: { path: string }) {
  const { definition } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  const part = usePart(path)
  const timer = valueAt<Timer>(definition, path)
  if (timer === undefined) return null
  return (
    <Stack gap="sm">
      <PanelHead kind={say('deadline')} title={text(timer.label) || timer.id} onRemove={part.remove} />
      {timer.delay === undefined ? (
        <Text fz="xs" c="dimmed">
          {say('dueByData')}
        </Text>
      ) : (
        <DurationField
          label={say('after')}
          value={timer.delay}
          calendar={timer.calendar}
          disabled={part.readOnly}
          onChange={(delay, calendar) => {
            part.set('delay', delay, `delay ${path}`)
            if (calendar !== timer.calendar) part.set('calendar', calendar, `delay ${path}`)
          }}
        />
      )}
      <LeadsTo list={at(path, 'then')} from={stateOf(path)} />
      <LabelFields
        optional
        value={timer.label}
        disabled={part.readOnly}
        onChange={(value) => part.set('label', value, `label ${path}`)}
      />
      <Inner path={path} />
    </Stack>
  )
}

/** The transitions that belong to a part, each with a panel of its own. */
function Inner({ path }: { path: string }) {
  const { definition } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  const inner = transitionsOf(definition).filter((each) => each.path.startsWith(`${path}.`))
  if (inner.length === 0) return null
  return (
    <Section title={say('transitions')}>
      {inner.map((each) => (
        <PartLine
          key={each.path}
          path={each.path}
          title={text(transitionWords(definition, each))}
          hint={text(stateAt(definition, each.transition.target?.slice(1) ?? '')?.label)}
        />
      ))}
    </Section>
  )
}

/** A message that goes out when the order comes here: which text, to whom, how. */
export function MessagePanel({ path }: { path: string }) {
  const { definition, catalogues } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  const part = usePart(path)
  const roles = useRoles()
  const message = valueAt<Notification>(definition, path)
  if (message === undefined) return null
  const known = catalogues.templates[message.template] ?? []
  const channels = (['sms', 'email', 'call', 'push', 'inbox'] as const).map((value) => ({
    value,
    label: say(`channel_${value}`),
    disabled: !known.includes(value) && !message.channels.includes(value),
  }))
  const shared = { size: 'xs', disabled: part.readOnly } as const
  return (
    <Stack gap="sm">
      <PanelHead kind={say('message')} title={message.template} onRemove={part.remove} />
      <Select
        {...shared}
        label={say('template')}
        data={Object.keys(catalogues.templates).sort()}
        value={message.template}
        searchable
        allowDeselect={false}
        onChange={(value) => part.set('template', value ?? message.template)}
      />
      <MultiSelect
        {...shared}
        label={say('channels')}
        data={channels}
        value={message.channels}
        onChange={(value) => part.set('channels', value)}
      />
      <Select
        {...shared}
        label={say('recipient')}
        data={[
          ...(['customer', 'reseller', 'technician', 'actor'] as const).map((value) => ({
            value,
            label: say(`to_${value}`),
          })),
          ...roles.map(({ value, label }) => ({ value: `role:${value}`, label })),
        ]}
        value={message.to}
        searchable
        allowDeselect={false}
        onChange={(value) => part.set('to', value ?? 'customer')}
      />
      <Switch
        size="xs"
        label={say('later')}
        checked={message.delay !== undefined}
        disabled={part.readOnly}
        onChange={({ currentTarget }) => part.set('delay', currentTarget.checked ? 'P1D' : undefined)}
      />
      {message.delay !== undefined && (
        <>
          <DurationField
            label={say('after')}
            value={message.delay}
            calendar={message.calendar}
            disabled={part.readOnly}
            onChange={(delay, calendar) => {
              part.set('delay', delay, `delay ${path}`)
              if (calendar !== message.calendar) part.set('calendar', calendar, `delay ${path}`)
            }}
          />
          <Switch
            size="xs"
            label={say('cancelOnExit')}
            checked={message.cancelOnExit === true}
            disabled={part.readOnly}
            onChange={({ currentTarget }) => part.set('cancelOnExit', currentTarget.checked || undefined)}
          />
        </>
      )}
      <Section title={say('data')}>
        <Text fz="xs" c="dimmed">
          {text({ fa: 'آنچه متن پیام از سفارش می‌خواند', en: 'What the text reads of the order' })}
        </Text>
        <Inputs
          names={Object.keys(message.data ?? {})}
          value={message.data ?? {}}
          onChange={(value) => part.set('data', value)}
          free
        />
      </Section>
    </Stack>
  )
}

/** A call to another system: which, with what, and how often it is tried. */
export function CallPanel({ path }: { path: string }) {
  const { definition, catalogues } = useDraft()
  const say = useWords(panelWords)
  const text = useText()
  const part = usePart(path)
  const call = valueAt<Invoke>(definition, path)
  if (call === undefined) return null
  const entry = call.activity === undefined ? undefined : catalogues.activities[call.activity]
  const inputs = Object.keys((entry?.input['properties'] ?? {}) as JsonObject)
  const shared = { size: 'xs', disabled: part.readOnly } as const
  return (
    <Stack gap="sm">
      <PanelHead kind={say('call')} title={text(entry?.label) || (call.process ?? call.id)} onRemove={part.remove} />
      {call.activity !== undefined && (
        <Select
          {...shared}
          label={say('activity')}
          data={Object.entries(catalogues.activities).map(([value, { label }]) => ({ value, label: text(label) }))}
          value={call.activity}
          searchable
          allowDeselect={false}
          onChange={(value) => part.set('activity', value ?? call.activity)}
        />
      )}
      {entry?.sideEffect === true && call.compensate === undefined && (
        <Switch
          size="xs"
          label={say('noUndo')}
          description={say('noUndoHint')}
          checked={false}
          disabled={part.readOnly}
          onChange={() => part.set('compensate', 'none')}
        />
      )}
      {inputs.length > 0 && (
        <Section title={say('inputs')}>
          <Inputs
            names={inputs}
            value={(call.input ?? {}) as JsonObject}
            onChange={(value) => part.set('input', value)}
          />
        </Section>
      )}
      <SimpleGrid cols={2} spacing="xs">
        <NumberInput
          {...shared}
          label={say('attempts')}
          min={1}
          max={1000}
          allowDecimal={false}
          value={call.retry?.maxAttempts ?? 10}
          onChange={(value) => part.set('retry', { ...call.retry, maxAttempts: Number(value) || 1 }, `retry ${path}`)}
        />
        <TextInput
          {...shared}
          dir="ltr"
          label={say('key')}
          defaultValue={call.id}
          onBlur={({ currentTarget }) => part.set('id', currentTarget.value.trim() || call.id)}
        />
      </SimpleGrid>
      <LeadsTo list={at(path, 'onDone')} from={stateOf(path)} />
      <Inner path={path} />
    </Stack>
  )
}

/** Values by name: of the order, of the form, a fixed one, or left out. */
function Inputs(props: { names: string[]; value: JsonObject; onChange: (value: JsonObject) => void; free?: boolean }) {
  const { definition, readOnly } = useDraft()
  const say = useWords(panelWords)
  const { schema } = definition.context
  const variables = typeof schema === 'boolean' ? [] : Object.keys((schema['properties'] ?? {}) as JsonObject)
  const data = variables.map((name) => ({ value: `$.${name}`, label: name }))
  const set = (name: string, value: Json | undefined) => {
    const { [name]: _, ...rest } = props.value
    props.onChange(value === undefined ? rest : { ...rest, [name]: value })
  }
  const names = [...new Set([...props.names, ...Object.keys(props.value)])]
  return (
    <Stack gap={6}>
      {names.map((name) => {
        const value = props.value[name]
        const path = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['$ctx'] : undefined
        const isPlain = value === undefined || typeof path === 'string'
        return isPlain ? (
          <Select
            key={name}
            size="xs"
            label={name}
            placeholder={say('leftOut')}
            data={data}
            value={typeof path === 'string' ? path : null}
            searchable
            clearable
            disabled={readOnly}
            onChange={(next) => set(name, next === null ? undefined : { $ctx: next })}
          />
        ) : (
          <TextInput
            key={name}
            size="xs"
            dir="ltr"
            label={name}
            defaultValue={JSON.stringify(value)}
            disabled={readOnly}
            onBlur={({ currentTarget }) => set(name, parsed(currentTarget.value))}
          />
        )
      })}
      {props.free === true && !readOnly && (
        <Select
          size="xs"
          aria-label={say('addData')}
          placeholder={say('addData')}
          data={data.filter(({ label }) => !names.includes(label))}
          value={null}
          searchable
          onChange={(next) => next !== null && set(next.slice(2), { $ctx: next })}
        />
      )}
    </Stack>
  )
}

function parsed(text: string): Json | undefined {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
