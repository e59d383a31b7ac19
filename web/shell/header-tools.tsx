import {
  ActionIcon,
  Avatar,
  Group,
  Kbd,
  Menu,
  Modal,
  SegmentedControl,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { IconLanguage, IconLogout, IconMoon, IconSearch, IconSun } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useState } from 'react'
import { api, fetchClient } from '../client/client.ts'
import { meKey } from '../client/queries.ts'
import type { ScreenEntry } from '../screens.ts'
import { useWords } from '../words/words.ts'
import { KeyList, useKeys } from './keys.tsx'
import { useMe } from './me.tsx'
import { type Preferences, usePreferences } from './preferences.tsx'
import classes from './shell.module.css'
import { shellWords } from './words.ts'

const Search = lazy(async () => ({ default: (await import('./search.tsx')).Search }))

/** Right hand of the header: search, language, theme and the person's own menu. */
export function HeaderTools({ screens }: { screens: readonly ScreenEntry[] }) {
  const say = useWords(shellWords)
  const [searching, setSearching] = useState(false)
  const [helping, setHelping] = useState(false)
  const close = useCallback(() => setSearching(false), [])
  useKeys(screens, { search: () => setSearching(true), help: () => setHelping(true) })
  return (
    <>
      {searching && (
        <Suspense>
          <Search screens={screens} onClose={close} />
        </Suspense>
      )}
      <Modal opened={helping} onClose={() => setHelping(false)} title={say('shortcuts')} size="sm">
        <KeyList screens={screens} />
      </Modal>
      <UnstyledButton onClick={() => setSearching(true)} className={classes['search']} aria-label={say('search')}>
        <IconSearch size={17} aria-hidden />
        <span>{say('search')}</span>
        <Kbd size="xs">Ctrl K</Kbd>
      </UnstyledButton>
      <Group gap={4} wrap="nowrap">
        <LanguageSwitch />
        <SchemeSwitch />
        <AccountMenu />
      </Group>
    </>
  )
}

/** Persian or English; the person's own choice in the server follows. */
export function LanguageSwitch({ remember = true }: { remember?: boolean }) {
  const { lang, change } = usePreferences()
  const say = useWords(shellWords)
  const flip = () => {
    const locale = lang === 'fa' ? 'en' : 'fa'
    change({ lang: locale })
    if (remember) void fetchClient.PATCH('/v1/me', { body: { locale } })
  }
  return (
    <ActionIcon
      variant="subtle"
      size="lg"
      className={classes['tool'] ?? ''}
      aria-label={say('switchLanguage')}
      title={say('switchLanguage')}
      onClick={flip}
    >
      <IconLanguage size={20} />
    </ActionIcon>
  )
}

/** Light or dark. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const say = useWords(shellWords)
  const dark = colorScheme === 'dark'
  return (
    <ActionIcon
      variant="subtle"
      size="lg"
      className={classes['tool'] ?? ''}
      aria-label={say('scheme')}
      title={say('scheme')}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={20} /> : <IconMoon size={20} />}
    </ActionIcon>
  )
}

function AccountMenu() {
  const me = useMe()
  const say = useWords(shellWords)
  const queries = useQueryClient()
  const { calendar, currency, change } = usePreferences()
  const signOut = api.useMutation('delete', '/v1/session', {
    onSettled: () => {
      queries.clear()
      queries.setQueryData(meKey, null)
    },
  })
  return (
    <Menu position="bottom-end" width={270} closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton aria-label={say('account')}>
          <Avatar color="indigo" radius="xl" size={36}>
            {initials(me.name)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '6px 12px 10px' }}>
          <Text fw={600}>{me.name}</Text>
          <Text c="dimmed" fz="xs">
            <bdi dir="ltr">{me.username}</bdi>
          </Text>
        </div>
        <Menu.Divider />
        <Choice
          label={say('calendar')}
          value={calendar}
          options={[
            { value: 'jalali', label: say('jalali') },
            { value: 'gregorian', label: say('gregorian') },
          ]}
          onChange={(value) => change({ calendar: value as Preferences['calendar'] })}
        />
        <Choice
          label={say('currency')}
          value={currency}
          options={[
            { value: 'toman', label: say('toman') },
            { value: 'rial', label: say('rial') },
          ]}
          onChange={(value) => change({ currency: value as Preferences['currency'] })}
        />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} />} onClick={() => signOut.mutate({})}>
          {say('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Choice(props: {
  label: string
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}) {
  return (
    <Group justify="space-between" px="sm" py={6} wrap="nowrap">
      <Text fz="sm">{props.label}</Text>
      <SegmentedControl
        size="xs"
        aria-label={props.label}
        value={props.value}
        data={props.options}
        onChange={props.onChange}
      />
    </Group>
  )
}

const initials = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1))
    .join('\u200c')
