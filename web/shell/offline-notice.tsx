import { Alert } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { IconWifiOff } from '@tabler/icons-react'
import { useWords } from '../words/words.ts'
import { shellWords } from './words.ts'

/** Says that the line is down, as long as it is. */
export function OfflineNotice() {
  const { online } = useNetwork()
  const say = useWords(shellWords)
  if (online) return null
  return (
    <Alert color="orange" icon={<IconWifiOff size={18} />} mb="sm">
      {say('offline')}
    </Alert>
  )
}
