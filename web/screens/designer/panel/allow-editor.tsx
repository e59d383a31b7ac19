import { ActionIcon, Button, Group, Select, Stack } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { Allow } from '../../../../definitions/format.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { usualScope } from '../new-road.tsx'
import { useRoles } from '../parts/fields.tsx'
import { designerWords } from '../words.ts'

/** Roles that may press, each with its reach; and whose own earlier act excludes him (four eyes). */
export function AllowEditor({ value, onChange }: { value: Allow[]; onChange: (value: Allow[]) => void }) {
  const { definition, readOnly } = useDraft()
  const say = useWords(designerWords)
  const text = useText()
  const roles = useRoles()
  const scopes = (['own', 'subtree', 'centre', 'city', 'any'] as const).map((scope) => ({
    value: scope,
    label: say(`scope_${scope}`),
  }))
  const events = Object.entries(definition.events)
    .filter(([, event]) => event.kind === 'user')
    .map(([name, event]) => ({ value: name, label: say('notActorOf', { event: text(event.label) }) }))
  const set = (i: number, next: Allow | undefined) =>
    onChange(value.flatMap((one, j) => (i !== j ? [one] : next === undefined ? [] : [next])))
  return (
    <Stack gap={6}>
      {value.map((one, i) => {
        const { notActorOf: _, ...plain } = one
        return (
          <Group key={`${one.role} ${i}`} gap={6} wrap="nowrap" align="start">
            <Stack gap={4} flex={1}>
              <Group gap={6} grow wrap="nowrap">
                <Select
                  size="xs"
                  aria-label={say('role')}
                  data={roles}
                  value={one.role}
                  searchable
                  disabled={readOnly}
                  allowDeselect={false}
                  onChange={(role) => set(i, { ...one, role: role ?? one.role })}
                />
                <Select
                  size="xs"
                  aria-label={say('scope')}
                  data={scopes}
                  value={one.scope ?? 'subtree'}
                  disabled={readOnly}
                  allowDeselect={false}
                  onChange={(scope) => set(i, { ...one, scope: scope ?? 'subtree' })}
                />
              </Group>
              {(one.notActorOf !== undefined || events.length > 0) && (
                <Select
                  size="xs"
                  aria-label={say('fourEyes')}
                  placeholder={say('fourEyes')}
                  data={events}
                  value={one.notActorOf ?? null}
                  disabled={readOnly}
                  clearable
                  onChange={(event) => set(i, event === null ? plain : { ...one, notActorOf: event })}
                />
              )}
            </Stack>
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                mt={3}
                aria-label={say('remove')}
                onClick={() => set(i, undefined)}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        )
      })}
      {!readOnly && (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            const role = roles.find(({ value: each }) => !value.some((one) => one.role === each))?.value
            if (role !== undefined) onChange([...value, { role, scope: usualScope(role) }])
          }}
        >
          {say('addRole')}
        </Button>
      )}
    </Stack>
  )
}
