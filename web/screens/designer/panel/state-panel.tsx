import { Group, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { at } from '../../../../definitions/check/place.ts'
import type { State } from '../../../../definitions/format.ts'
import { conditionWords } from '../../../../definitions/words/condition.ts'
import { durationWords } from '../../../../definitions/words/duration.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useActs } from '../acts.ts'
import { renamedPlaces } from '../canvas/places.ts'
import { useDraft } from '../draft.tsx'
import { transitionsOf } from '../model/roads.ts'
import { transitionWords } from '../model/say.ts'
import { freeKey, parentOf, pathOf, stateAt, statesOf } from '../model/states.ts'
import { LabelFields, useRoles } from '../parts/fields.tsx'
import { designerWords } from '../words.ts'
import { PanelHead } from './panel-head.tsx'
import { PartLine, Section } from './section.tsx'

/** A state: its name, who works on it, and everything that happens in it. */
export function StatePanel({ id }: { id: string }) {
  const { definition, edit, select, readOnly } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const roles = useRoles()
  const state = stateAt(definition, id)
  if (state === undefined) return null
  const path = pathOf(id)
  const set = (part: string, value: unknown, as?: string) => edit({ type: 'set', path: at(path, part), value }, as)
  const isFinal = state.type === 'final'
  const kinds = {
    final: say('end'),
    parallel: say('parallel'),
    history: say('history'),
    atomic: say('state'),
    compound: say('group'),
  }
  const shared = { size: 'xs', disabled: readOnly } as const

  return (
    <Stack gap="sm">
      <PanelHead
        kind={kinds[state.type ?? (state.states === undefined ? 'atomic' : 'compound')]}
        title={text(state.label)}
        onRemove={() => {
          edit({ type: 'removeState', id })
          select(pathOf(parentOf(id)))
        }}
      />
      <LabelFields value={state.label} disabled={readOnly} onChange={(value) => set('label', value, `label ${id}`)} />
      <Group grow gap="xs">
        <KeyField key={id} id={id} />
        {(definition.stages ?? []).length > 0 && (
          <Select
            {...shared}
            label={say('stage')}
            data={(definition.stages ?? []).map((stage) => ({ value: stage.id, label: text(stage.label) }))}
            value={state.stage ?? null}
            clearable
            onChange={(value) => set('stage', value ?? undefined)}
          />
        )}
      </Group>
      {!isFinal && state.states === undefined && (
        <Select
          {...shared}
          label={say('ownerRole')}
          placeholder={say('nobody')}
          data={roles}
          value={state.owner ?? null}
          clearable
          searchable
          onChange={(value) => set('owner', value ?? undefined)}
        />
      )}
      {isFinal && (
        <Select
          {...shared}
          label={say('outcome')}
          data={Object.entries(definition.outcomes).map(([value, { label }]) => ({ value, label: text(label) }))}
          value={state.outcome ?? null}
          clearable
          onChange={(value) => set('outcome', value ?? undefined)}
        />
      )}
      <Group grow gap="xs" align="start">
        <Select
          {...shared}
          label={say('inside')}
          data={[
            { value: '', label: text(definition.label) },
            ...statesOf(definition)
              .filter((other) => other.state.states !== undefined && other.id !== id && !other.id.startsWith(`${id}.`))
              .map((other) => ({ value: other.id, label: text(other.state.label) })),
          ]}
          value={parentOf(id)}
          allowDeselect={false}
          onChange={(value) => {
            edit({ type: 'moveState', id, parent: value ?? '' })
            select(
              pathOf(
                value === null || value === ''
                  ? (id.split('.').at(-1) ?? id)
                  : `${value}.${id.split('.').at(-1) ?? id}`,
              ),
            )
          }}
        />
        {state.states !== undefined && state.type !== 'parallel' && (
          <Select
            {...shared}
            label={say('beginsIn')}
            data={Object.entries(state.states).map(([value, { label }]) => ({ value, label: text(label) }))}
            value={state.initial ?? null}
            onChange={(value) => set('initial', value ?? undefined)}
          />
        )}
      </Group>
      {!isFinal && <WaysOut id={id} />}
      {!isFinal && state.type !== 'history' && <Parts id={id} state={state} />}
      <TagsInput
        {...shared}
        label={say('tags')}
        description={say('tagsHint')}
        value={state.tags ?? []}
        data={[...new Set(statesOf(definition).flatMap((other) => other.state.tags ?? []))]}
        onChange={(value) => set('tags', value.length === 0 ? undefined : value)}
      />
    </Stack>
  )
}

/** The Latin name by which the definition calls the state; everything that names it follows. */
function KeyField({ id }: { id: string }) {
  const { definition, places, edit, editAt, select, readOnly } = useDraft()
  const say = useWords(designerWords)
  const own = id.split('.').at(-1) ?? id
  const [key, setKey] = useState(own)
  const isGood = /^[a-zA-Z][A-Za-z0-9_-]{0,63}$/.test(key)
  const commit = () => {
    if (!isGood || key === own) {
      setKey(own)
      return
    }
    const parent = parentOf(id)
    const brothers = statesOf(definition)
      .filter((other) => other.parent === parent)
      .map((other) => other.key)
    const free = brothers.includes(key) ? freeKey(key, brothers, 'state') : key
    const to = parent === '' ? free : `${parent}.${free}`
    const command = { type: 'renameState', id, key: free } as const
    if (places === null) edit(command)
    else editAt(command, renamedPlaces(places, id, to))
    select(pathOf(to))
  }
  return (
    <TextInput
      size="xs"
      dir="ltr"
      label={say('key')}
      value={key}
      disabled={readOnly}
      error={isGood ? undefined : say('badKey')}
      onChange={({ currentTarget }) => setKey(currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}

function WaysOut({ id }: { id: string }) {
  const { definition, findings } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const acts = useActs()
  const ways = transitionsOf(definition).filter(({ from }) => from === id)
  return (
    <Section title={say('waysOut')} addLabel={say('add')} onAdd={() => acts.road({ from: id, to: null })}>
      {ways.length === 0 && (
        <Text fz="xs" c="dimmed">
          {say('noWays')}
        </Text>
      )}
      {ways.map((found) => {
        const { target, guard, allow } = found.transition
        const to = target === undefined ? say('staysHere') : text(stateAt(definition, target.slice(1))?.label) || target
        const who = (allow ?? []).length > 0 ? ` · ${say('roleCount', { n: allow?.length ?? 0 })}` : ''
        const when = guard === undefined ? '' : ` · ${say('if')} ${text(conditionWords(guard, definition))}`
        return (
          <PartLine
            key={found.path}
            path={found.path}
            title={`${text(transitionWords(definition, found))} ← ${to}`.replace('←', say('arrow'))}
            hint={`${say(`trigger_${found.trigger.kind}`)}${who}${when}`}
            bad={findings.some(({ path, severity }) => severity === 'error' && path.startsWith(found.path))}
          />
        )
      })}
    </Section>
  )
}

/** Calls, deadlines and messages of a state. */
function Parts({ id, state }: { id: string; state: State }) {
  const { catalogues, findings } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const acts = useActs()
  const path = pathOf(id)
  const isBad = (place: string) => findings.some((one) => one.severity === 'error' && one.path.startsWith(place))
  return (
    <>
      <Section title={say('calls')} addLabel={say('add')} onAdd={() => acts.call(id)}>
        {(state.invoke ?? []).map((call, i) => {
          const place = at(path, 'invoke', i)
          const activity = call.activity === undefined ? undefined : catalogues.activities[call.activity]
          return (
            <PartLine
              key={place}
              path={place}
              title={text(activity?.label) || (call.process ?? call.activity ?? '')}
              hint={call.id}
              bad={isBad(place)}
            />
          )
        })}
      </Section>
      <Section title={say('deadlines')} addLabel={say('add')} onAdd={() => acts.deadline(id)}>
        {(state.after ?? []).map((timer, i) => {
          const place = at(path, 'after', i)
          return (
            <PartLine
              key={place}
              path={place}
              title={text(timer.label) || (timer.delay === undefined ? timer.id : text(durationWords(timer.delay)))}
              hint={say('trigger_after')}
              bad={isBad(place)}
            />
          )
        })}
        {(state.sla ?? []).map((sla, i) => {
          const place = at(path, 'sla', i)
          return (
            <PartLine
              key={place}
              path={place}
              title={text(durationWords(sla.within))}
              hint={say('sla')}
              bad={isBad(place)}
            />
          )
        })}
      </Section>
      <Section title={say('messages')} addLabel={say('add')} onAdd={() => acts.message(id)}>
        {(state.notify ?? []).map((message, i) => {
          const place = at(path, 'notify', i)
          return (
            <PartLine
              key={place}
              path={place}
              title={message.template}
              hint={`${message.channels.join('، ')} → ${message.to}`}
              bad={isBad(place)}
            />
          )
        })}
      </Section>
    </>
  )
}
