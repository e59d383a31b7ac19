import { Button, Card, Center, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, problemOf } from '../client/client.ts'
import { meKey } from '../client/queries.ts'
import { latin } from '../format/format.ts'
import { useText, useWords } from '../words/words.ts'
import { LanguageSwitch, SchemeSwitch } from './header-tools.tsx'
import { Logo } from './logo.tsx'
import { shellWords } from './words.ts'

/** Asks who is there. The cookie that the API sets is out of the page's reach. */
export function SignIn() {
  const say = useWords(shellWords)
  const text = useText()
  const queries = useQueryClient()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const signIn = api.useMutation('post', '/v1/session', {
    onSuccess: () => queries.resetQueries({ queryKey: meKey }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ body: { username: latin(username).trim(), password } })
  }
  return (
    <Center mih="100dvh" bg="var(--page)" p="md">
      <Stack w={380} maw="100%">
        <Group justify="space-between">
          <Group gap="sm">
            <Logo size={42} />
            <div>
              <Title order={1} fz={22}>
                {say('product')}
              </Title>
              <Text c="dimmed" fz="sm">
                {say('slogan')}
              </Text>
            </div>
          </Group>
          <Group gap={4}>
            <LanguageSwitch remember={false} />
            <SchemeSwitch />
          </Group>
        </Group>
        <Card withBorder padding="lg" component="main">
          <form onSubmit={submit}>
            <Stack>
              <Text>{say('signInHint')}</Text>
              <TextInput
                label={say('username')}
                name="username"
                autoComplete="username"
                required
                value={username}
                onChange={({ currentTarget }) => setUsername(currentTarget.value)}
              />
              <PasswordInput
                label={say('password')}
                name="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={({ currentTarget }) => setPassword(currentTarget.value)}
              />
              {signIn.isError && (
                <Text c="var(--mantine-color-error)" fz="sm" role="alert">
                  {text(problemOf(signIn.error).detail)}
                </Text>
              )}
              <Button type="submit" fullWidth loading={signIn.isPending}>
                {say('signIn')}
              </Button>
            </Stack>
          </form>
        </Card>
      </Stack>
    </Center>
  )
}
