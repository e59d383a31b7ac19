import { Button, Code, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { type Icon, IconAlertTriangle, IconInbox, IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { problemOf } from '../client/client.ts'
import { shellWords } from '../shell/words.ts'
import { useText, useWords } from '../words/words.ts'

/** A place with nothing in it: says what would be here, and offers the first step. */
export function Empty(props: { title: string; hint?: string; icon?: Icon; children?: ReactNode; color?: string }) {
  const Symbol = props.icon ?? IconInbox
  return (
    <Stack align="center" gap={6} py={40} px="md">
      <ThemeIcon variant="light" size={52} radius="xl" color={props.color ?? 'gray'}>
        <Symbol size={26} stroke={1.5} />
      </ThemeIcon>
      <Title order={2} fz="md" ta="center" mt={6}>
        {props.title}
      </Title>
      {props.hint !== undefined && (
        <Text c="dimmed" fz="sm" ta="center" maw={440}>
          {props.hint}
        </Text>
      )}
      {props.children}
    </Stack>
  )
}

/** A refusal or a fault: what happened, the request's id for support, and another try. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const say = useWords(shellWords)
  const text = useText()
  const { status, detail, requestId } = problemOf(error)
  if (status === 403) return <Forbidden />
  return (
    <Empty
      title={status === 404 ? say('notFound') : say('failed')}
      hint={text(detail)}
      icon={IconAlertTriangle}
      color="red"
    >
      {requestId !== '' && (
        <Text fz="xs" c="dimmed" mt={4}>
          {say('requestId')}: <Code>{requestId}</Code>
        </Text>
      )}
      {retry !== undefined && (
        <Button variant="default" size="xs" mt="xs" onClick={retry}>
          {say('retry')}
        </Button>
      )}
    </Empty>
  )
}

/** The person's roles do not open this. */
export function Forbidden() {
  const say = useWords(shellWords)
  return <Empty title={say('forbidden')} hint={say('forbiddenHint')} icon={IconLock} />
}

/** Bars in the shape of what is coming, so that nothing jumps. */
export function Loading({ rows = 6, height = 38 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="xs" aria-busy="true" p="xs">
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={height} radius="sm" />
      ))}
    </Stack>
  )
}
