import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { State } from '../../../definitions/format.ts'
import { useText, useWords } from '../../words/words.ts'
import { boxHeight, boxWidth, cornerOf, type Places, type Point } from './canvas/places.ts'
import { useDraft } from './draft.tsx'
import { freeKey, pathOf, stateAt, stateOf, statesOf } from './model/states.ts'
import { valueAt } from './model/tree.ts'
import { LabelFields, useRoles } from './parts/fields.tsx'
import { designerWords } from './words.ts'

/** Where a new state comes from: drawn at a place, pulled out of another state, or put on an arrow. */
export interface StateWish {
  at: Point
  kind: string
  from?: string
  /** The transition that shall lead to it from now on. */
  onto?: string
}

/** Asks for what a new state must have, and draws it. `onMade`: its id, and where an arrow that it was put on led to. */
export function NewState(props: {
  wish: StateWish
  places: Places
  onClose: () => void
  onMade: (id: string, leadTo?: string) => void
}) {
  const { wish, places } = props
  const { definition, editAt, edit, select } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const roles = useRoles()
  const groups = statesOf(definition).filter(({ state }) => state.states !== undefined)
  const beside = wish.from ?? (wish.onto === undefined ? '' : stateOf(wish.onto))
  const [label, setLabel] = useState({ fa: '', en: '' })
  const [kind, setKind] = useState(wish.kind)
  const [parent, setParent] = useState(beside.split('.').slice(0, -1).join('.'))
  const [stage, setStage] = useState<string | null>(
    (stateAt(definition, beside)?.stage ?? definition.stages?.[0]?.id) || null,
  )
  const [owner, setOwner] = useState<string | null>(null)
  const [outcome, setOutcome] = useState<string | null>(null)
  const isFinal = kind === 'end'
  const complete =
    label.fa.trim() !== '' &&
    label.en.trim() !== '' &&
    (kind !== 'people' || owner !== null) &&
    (!isFinal || parent !== '' || outcome !== null)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!complete) return
    const around = parent === '' ? definition.states : (stateAt(definition, parent)?.states ?? {})
    const key = freeKey(label.en, Object.keys(around), 'state')
    const state: State = {
      label: { fa: label.fa.trim(), en: label.en.trim() },
      ...(stage !== null && { stage }),
      ...(isFinal && { type: 'final' as const }),
      ...(isFinal && outcome !== null && parent === '' && { outcome }),
      ...(kind === 'people' && owner !== null && { owner }),
    }
    const id = parent === '' ? key : `${parent}.${key}`
    const corner = parent === '' ? { x: 0, y: 0 } : cornerOf(places.boxes, parent)
    const box = {
      x: Math.max(parent === '' ? -1e6 : 12, Math.round(wish.at.x - corner.x - boxWidth / 2)),
      y: Math.max(parent === '' ? -1e6 : 44, Math.round(wish.at.y - corner.y - boxHeight / 2)),
      width: boxWidth,
      height: boxHeight,
    }
    editAt({ type: 'addState', parent, key, state }, { ...places, boxes: { ...places.boxes, [id]: box } })
    const before = wish.onto === undefined ? undefined : valueAt<string>(definition, `${wish.onto}.target`)
    if (wish.onto !== undefined) edit({ type: 'set', path: `${wish.onto}.target`, value: `#${id}` })
    select(pathOf(id))
    props.onMade(id, before?.slice(1))
  }

  return (
    <Modal opened onClose={props.onClose} title={say('newState')} size="md">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text fz="sm" c="dimmed">
            {say(kind === 'people' ? 'peopleHint' : isFinal ? 'endHint' : 'systemHint')}
          </Text>
          <LabelFields value={label} onChange={(value) => setLabel(value ?? { fa: '', en: '' })} isFirst />
          <Select
            label={say('kind')}
            data={(['people', 'system', 'end'] as const).map((value) => ({ value, label: say(value) }))}
            value={kind}
            allowDeselect={false}
            onChange={(value) => setKind(value ?? 'people')}
          />
          {kind === 'people' && (
            <Select
              label={say('ownerRole')}
              description={say('ownerHint')}
              data={roles}
              value={owner}
              searchable
              required
              onChange={setOwner}
            />
          )}
          {isFinal && parent === '' && (
            <Select
              label={say('outcome')}
              data={Object.entries(definition.outcomes).map(([value, each]) => ({ value, label: text(each.label) }))}
              value={outcome}
              required
              onChange={setOutcome}
            />
          )}
          {(definition.stages ?? []).length > 0 && (
            <Select
              label={say('stage')}
              data={(definition.stages ?? []).map((each) => ({ value: each.id, label: text(each.label) }))}
              value={stage}
              clearable
              onChange={setStage}
            />
          )}
          {groups.length > 0 && (
            <Select
              label={say('inside')}
              data={[
                { value: '', label: text(definition.label) },
                ...groups.map(({ id, state }) => ({ value: id, label: text(state.label) })),
              ]}
              value={parent}
              allowDeselect={false}
              onChange={(value) => setParent(value ?? '')}
            />
          )}
          <Group justify="end">
            <Button variant="default" onClick={props.onClose}>
              {say('cancel')}
            </Button>
            <Button type="submit" disabled={!complete}>
              {say('addState')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
