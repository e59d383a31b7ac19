import { Group, Kbd, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { pathOf, type ScreenEntry } from '../screens.ts'
import { useText, useWords } from '../words/words.ts'
import { shellWords } from './words.ts'

const chordMs = 1_200

/** The keyboard of all screens: Ctrl-K and / search, ? helps, G and a letter goes to a screen, J and K walk a list, Enter opens. */
export function useKeys(screens: readonly ScreenEntry[], { search, help }: { search: () => void; help: () => void }) {
  const navigate = useNavigate()
  const acts = useRef({ search, help, screens })
  useEffect(() => {
    acts.current = { search, help, screens }
  })
  useEffect(() => {
    let wentAt = 0
    const hear = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
        event.preventDefault()
        acts.current.search()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
      // By place on the keyboard, so that a Persian layout works too.
      const letter = event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : ''
      if (Date.now() - wentAt < chordMs) {
        wentAt = 0
        const screen = acts.current.screens.find(({ key }) => key === letter)
        if (screen !== undefined) void navigate(pathOf(screen.path))
        return
      }
      if (event.key === '?' || event.key === '؟') acts.current.help()
      else if (event.key === '/') {
        event.preventDefault()
        acts.current.search()
      } else if (letter === 'g') wentAt = Date.now()
      else if (letter === 'j' || letter === 'k') walk(letter === 'j' ? 1 : -1)
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [navigate])
}

/** What the keys do. */
export function KeyList({ screens }: { screens: readonly ScreenEntry[] }) {
  const say = useWords(shellWords)
  const text = useText()
  const lines: [string[], string][] = [
    [['Ctrl', 'K'], say('keySearch')],
    [['?'], say('keyHelp')],
    [['J', 'K', 'Enter'], say('keyWalk')],
    ...screens.flatMap(({ key, title }): [string[], string][] =>
      key === undefined ? [] : [[['G', key.toUpperCase()], text(title)]],
    ),
  ]
  return (
    <Stack gap={6}>
      {lines.map(([keys, what]) => (
        <Group key={what} justify="space-between">
          <Text fz="sm">{what}</Text>
          <Group gap={4} dir="ltr">
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </Group>
        </Group>
      ))}
    </Stack>
  )
}

/** Moves the focus to the link of the next row; Enter is then the browser's own. */
function walk(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('tr[data-key] a')]
  const first = links.filter((link, i) => links.findIndex((other) => other.closest('tr') === link.closest('tr')) === i)
  const at = first.findIndex((link) => link === document.activeElement)
  first[at === -1 ? 0 : Math.min(first.length - 1, Math.max(0, at + by))]?.focus()
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null)
