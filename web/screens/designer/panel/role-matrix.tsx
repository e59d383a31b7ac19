import { Checkbox, ScrollArea, Switch, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { at } from '../../../../definitions/check/place.ts'
import { useText, useWords } from '../../../words/words.ts'
import { useDraft } from '../draft.tsx'
import { modeWords } from '../mode-words.ts'
import { transitionsOf } from '../model/roads.ts'
import { transitionWords } from '../model/say.ts'
import { stateAt } from '../model/states.ts'
import { usualScope } from '../new-road.tsx'
import classes from './panel.module.css'

/** Who may press what, as a table: permissions cannot be reviewed on a drawing. */
export function RoleMatrix() {
  const { definition, catalogues, edit, select, readOnly } = useDraft()
  const say = useWords(modeWords)
  const text = useText()
  const [isWide, setWide] = useState(false)
  const rows = transitionsOf(definition).filter(
    ({ trigger }) => trigger.kind === 'on' && definition.events[trigger.name]?.kind === 'user',
  )
  const used = new Set(rows.flatMap(({ transition }) => (transition.allow ?? []).map(({ role }) => role)))
  const roles = Object.keys(catalogues.roles).filter((role) => isWide || used.has(role))
  return (
    <ScrollArea h="100%" p="md" viewportProps={{ tabIndex: -1 }}>
      <Text fz="sm" c="dimmed" mb="xs">
        {say('matrixHint')}
      </Text>
      <Switch
        size="xs"
        mb="sm"
        label={say('allRoles')}
        checked={isWide}
        onChange={({ currentTarget }) => setWide(currentTarget.checked)}
      />
      <Table fz="xs" withTableBorder withColumnBorders stickyHeader highlightOnHover w="auto">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say('inState')}</Table.Th>
            <Table.Th>{say('transition')}</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role} className={classes['roleHead'] ?? ''}>
                {text(catalogues.roles[role])}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const { allow = [] } = row.transition
            const words = text(transitionWords(definition, row))
            return (
              <Table.Tr key={row.path}>
                <Table.Td>{text(stateAt(definition, row.from)?.label ?? definition.label)}</Table.Td>
                <Table.Td>
                  <button type="button" className={classes['link']} onClick={() => select(row.path)}>
                    {words}
                  </button>
                </Table.Td>
                {roles.map((role) => {
                  const held = allow.some((one) => one.role === role)
                  const next = held
                    ? allow.filter((one) => one.role !== role)
                    : [...allow, { role, scope: usualScope(role) }]
                  return (
                    <Table.Td key={role} ta="center">
                      <Checkbox
                        size="xs"
                        checked={held}
                        disabled={readOnly}
                        aria-label={say('may', { role: text(catalogues.roles[role]), event: words })}
                        onChange={() =>
                          edit({
                            type: 'set',
                            path: at(row.path, 'allow'),
                            value: next.length === 0 ? undefined : next,
                          })
                        }
                      />
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}
