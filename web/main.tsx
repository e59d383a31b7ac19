import '@fontsource-variable/vazirmatn'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './main.css'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueries } from './client/queries.ts'
import { App } from './shell/app.tsx'
import { PreferencesProvider, remembered } from './shell/preferences.tsx'
import { cssVariables, theme } from './theme.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
const { lang } = remembered()
document.documentElement.lang = lang
document.documentElement.dir = lang === 'fa' ? 'rtl' : 'ltr'

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueries()}>
      <DirectionProvider initialDirection={lang === 'fa' ? 'rtl' : 'ltr'}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <Notifications position="bottom-center" limit={4} />
          <PreferencesProvider>
            <App />
          </PreferencesProvider>
        </MantineProvider>
      </DirectionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
