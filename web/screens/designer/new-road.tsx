import { Button, Group, Modal, MultiSelect, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { at } from '../../../definitions/check/place.ts'
import type { Allow } from '../../../definitions/format.ts'
import type { Scope } from '../../../domain/transition.ts'
import { useText, useWords } from '../../words/words.ts'
import { useDraft } from './draft.tsx'
import type { NewTrigger } from './model/edit.ts'
import { freeEventName, freeKey, pathOf, stateAt, statesOf } from './model/states.ts'
import { DurationField, LabelFields, useRoles } from './parts/fields.tsx'
import { designerWords } from './words.ts'

export interface RoadWish {
  from: string
  to: string | null
}

type Kind = 'press' | 'external' | 'always' | 'after' | 'done' | 'error' | 'onDone'

/** Asks how an order gets from one state to another, and draws the arrow. */
export function NewRoad({ wish, onClose }: { wish: RoadWish; onClose: () => void }) {
  const { definition, edit, select } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const roles = useRoles()
  const from = stateAt(definition, wish.from)
  const [to, setTo] = useState(wish.to)
  const [kind, setKind] = useState<Kind>('press')
  const [event, setEvent] = useState<string | null>(null)
  const [label, setLabel] = useState({ fa: '', en: '' })
  const [who, setWho] = useState<string[]>(from?.owner === undefined ? [] : [from.owner])
  const [delay, setDelay] = useState({ duration: 'PT8H', calendar: Object.keys(definition.calendars ?? {})[0] })
  const [call, setCall] = useState<string | null>(from?.invoke?.[0] === undefined ? null : '0')

  const calls = (from?.invoke ?? []).map(({ id }, i) => ({ value: String(i), label: id }))
  const kinds: Kind[] = [
    'press',
    'external',
    'always',
    'after',
    ...(calls.length > 0 ? (['done', 'error'] as const) : []),
    ...(from?.states === undefined ? [] : (['onDone'] as const)),
  ]
  const wanted = kind === 'press' ? 'user' : 'external'
  const events = Object.entries(definition.events)
    .filter(([, each]) => (kind === 'press' ? each.kind === 'user' : each.kind !== 'user'))
    .map(([value, each]) => ({ value, label: text(each.label) }))
  const isNew = event === null
  const complete =
    to !== null &&
    (kind === 'press' || kind === 'external'
      ? (!isNew || (label.fa.trim() !== '' && label.en.trim() !== '')) && (kind === 'external' || who.length > 0)
      : (kind !== 'done' && kind !== 'error') || call !== null)

  const triggerOf = (): NewTrigger => {
    switch (kind) {
      case 'press':
      case 'external': {
        const name = event ?? freeEventName(label.en, Object.keys(definition.events))
        return {
          kind: 'on',
          name,
          ...(isNew && { declare: { kind: wanted, label: { fa: label.fa.trim(), en: label.en.trim() } } }),
          ...(kind === 'press' && { allow: who.map((role): Allow => ({ role, scope: usualScope(role) })) }),
        }
      }
      case 'after': {
        const taken = (from?.after ?? []).map(({ id }) => id)
        const { duration, calendar } = delay
        return {
          kind: 'after',
          id: freeKey('deadline', taken, 'deadline'),
          delay: duration,
          ...(calendar !== undefined && { calendar }),
        }
      }
      case 'done':
      case 'error':
        return { kind, call: Number(call) }
      default:
        return { kind }
    }
  }

  const submit = (form: FormEvent) => {
    form.preventDefault()
    if (!complete || to === null) return
    const trigger = triggerOf()
    edit({ type: 'connect', from: wish.from, to, trigger })
    const path = pathOf(wish.from)
    if (trigger.kind === 'on') select(at(path, 'on', trigger.name, from?.on?.[trigger.name]?.length ?? 0))
    else select(path)
    onClose()
  }

  return (
    <Modal opened onClose={onClose} title={say('newRoad')} size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group grow>
            <Text fz="sm">
              {say('from')}: <b>{text(from?.label)}</b>
            </Text>
            <Select
              aria-label={say('to')}
              leftSection="→"
              data={statesOf(definition).map(({ id, state }) => ({ value: id, label: text(state.label) }))}
              value={to}
              searchable
              onChange={setTo}
            />
          </Group>
          <SegmentedControl
            fullWidth
            size="xs"
            orientation={kinds.length > 5 ? 'vertical' : 'horizontal'}
            aria-label={say('how')}
            data={kinds.map((value) => ({ value, label: say(`how_${value}`) }))}
            value={kind}
            onChange={(value) => {
              setKind(value)
              setEvent(null)
            }}
          />
          {(kind === 'press' || kind === 'external') && (
            <>
              <Select
                label={say(kind === 'press' ? 'button' : 'happening')}
                placeholder={say(kind === 'press' ? 'newButton' : 'newHappening')}
                data={events}
                value={event}
                clearable
                searchable
                onChange={setEvent}
              />
              {isNew && (
                <LabelFields
                  label={say('buttonLabel')}
                  value={label}
                  onChange={(next) => setLabel(next ?? { fa: '', en: '' })}
                />
              )}
            </>
          )}
          {kind === 'press' && (
            <MultiSelect label={say('whoMay')} data={roles} value={who} searchable onChange={setWho} required />
          )}
          {kind === 'after' && (
            <DurationField
              label={say('delay')}
              value={delay.duration}
              calendar={delay.calendar}
              onChange={(duration, calendar) => setDelay({ duration, calendar })}
            />
          )}
          {(kind === 'done' || kind === 'error') && (
            <Select label={say('call')} data={calls} value={call} onChange={setCall} />
          )}
          <Text fz="xs" c="dimmed">
            {say(`hint_${kind}`)}
          </Text>
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {say('cancel')}
            </Button>
            <Button type="submit" disabled={!complete}>
              {say('drawRoad')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** How far a role usually reaches: people outside see their own orders, the books see all. */
export function usualScope(role: string): Scope {
  if (role === 'customer' || role === 'reseller' || role === 'employee') return 'own'
  return role.startsWith('accountant') || role === 'admin' || role === 'auditor' ? 'any' : 'subtree'
}
