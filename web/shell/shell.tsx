import { AppShell, Burger, Group, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect } from 'react'
import { Link, NavLink, Outlet, useLocation } from 'react-router'
import { groups, pathOf, type ScreenEntry } from '../screens.ts'
import { useText, useWords } from '../words/words.ts'
import { HeaderTools } from './header-tools.tsx'
import { Logo } from './logo.tsx'
import { OfflineNotice } from './offline-notice.tsx'
import classes from './shell.module.css'
import { shellWords } from './words.ts'

/** Menu, header and the place of the screens. `screens` are those that this person may open. */
export function Shell({ screens }: { screens: readonly ScreenEntry[] }) {
  const [open, { toggle, close }] = useDisclosure()
  const say = useWords(shellWords)
  const { pathname } = useLocation()
  useEffect(close, [pathname, close])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: 'md', collapsed: { mobile: !open } }}
      padding={{ base: 'sm', md: 'md' }}
    >
      <a className={classes['skip']} href="#content">
        {say('skip')}
      </a>
      <AppShell.Header className={classes['header'] ?? ''}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" className={classes['brand'] ?? ''}>
            <Burger opened={open} onClick={toggle} hiddenFrom="md" size="sm" aria-label={say('menu')} />
            <UnstyledButton component={Link} to="/" aria-label={say('home')}>
              <Group gap={10} wrap="nowrap">
                <Logo />
                <Text fw={700} fz="lg" visibleFrom="xs">
                  {say('product')}
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <HeaderTools screens={screens} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes['navbar'] ?? ''}>
        <ScrollArea scrollbarSize={6} type="hover" viewportProps={{ tabIndex: -1 }}>
          <Menu screens={screens} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" className={classes['main'] ?? ''}>
        <OfflineNotice />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function Menu({ screens }: { screens: readonly ScreenEntry[] }) {
  const say = useWords(shellWords)
  const text = useText()
  return (
    <nav aria-label={say('menu')} className={classes['menu']}>
      {groups.map((group) => {
        const lines = screens.filter(({ menu }) => menu?.group === group)
        if (lines.length === 0) return null
        return (
          <div key={group}>
            {group !== 'work' && <div className={classes['group']}>{say(group)}</div>}
            {lines.map(({ path, title, menu }) => (
              <NavLink key={path} to={pathOf(path)} className={classes['line'] ?? ''}>
                {menu !== undefined && <menu.icon size={19} stroke={1.6} aria-hidden />}
                <span>{text(title)}</span>
              </NavLink>
            ))}
          </div>
        )
      })}
    </nav>
  )
}
