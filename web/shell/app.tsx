import { Center, Loader } from '@mantine/core'
import { type ComponentType, lazy, Suspense, useEffect, useMemo } from 'react'
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router'
import { api, problemOf } from '../client/client.ts'
import { LiveProvider } from '../client/live.tsx'
import { pathOf, type ScreenEntry, screens } from '../screens.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useText, useWords } from '../words/words.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { audienceOf, type Me, MeProvider } from './me.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { shellWords } from './words.ts'

/** The sign-in, or the panel of the person who is signed in. */
export function App() {
  const me = api.useQuery(
    'get',
    '/v1/me',
    {},
    { staleTime: 60_000, retry: (n, e) => problemOf(e).status !== 401 && n < 2 },
  )
  if (me.data) return <Panel me={me.data} />
  if (me.isPending)
    return (
      <Center mih="100dvh">
        <Loader />
      </Center>
    )
  if (me.data === null || problemOf(me.error).status === 401) return <SignIn />
  return <Failed error={me.error} retry={() => void me.refetch()} />
}

function Panel({ me }: { me: Me }) {
  // The person is read again now and then; structural sharing keeps the object, and with it the router, while nothing changed.
  const router = useMemo(() => routerFor(me), [me])
  return (
    <MeProvider value={me}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </MeProvider>
  )
}

function routerFor(me: Me) {
  const audience = audienceOf(me)
  const open = screens.filter(
    (screen) =>
      screen.audience.includes(audience) && (screen.permission === null || me.permissions.includes(screen.permission)),
  )
  const home = open.find(({ menu }) => menu !== undefined)
  return createBrowserRouter([
    {
      element: <Shell screens={open} />,
      children: [
        { path: '/', element: home === undefined ? <NoScreen /> : <Navigate to={pathOf(home.path)} replace /> },
        ...open.map((screen) => ({ path: screen.path, element: <Opened screen={screen} Screen={lazyOf(screen)} /> })),
        { path: '*', element: <NoScreen /> },
      ],
    },
  ])
}

function Opened({ screen, Screen }: { screen: ScreenEntry; Screen: ComponentType }) {
  const text = useText()
  const title = text(screen.title)
  useEffect(() => {
    document.title = `${title} · ${text(shellWords.product)}`
  }, [title, text])
  return (
    <ErrorBoundary key={screen.path}>
      <Suspense fallback={<Loading rows={8} />}>
        <Screen />
      </Suspense>
    </ErrorBoundary>
  )
}

const lazyOf = ({ load }: ScreenEntry) => lazy(async () => ({ default: (await load()).Screen }))

function NoScreen() {
  const say = useWords(shellWords)
  return <Empty title={say('notFound')} hint={say('notFoundHint')} />
}
