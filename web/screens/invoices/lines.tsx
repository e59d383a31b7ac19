import { Table } from '@mantine/core'
import type { paths } from '../../client/paths.ts'
import { useFormat } from '../../format/use-format.ts'
import { Money } from '../../ui/pieces.tsx'
import { useText, useWords } from '../../words/words.ts'
import { invoiceWords } from './words.ts'

type Line = paths['/v1/invoices/{id}']['get']['responses']['200']['content']['application/json']['lines'][number]

/** What was sold, line by line, as the document was issued; the discount has a column only where there is one. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  const say = useWords(invoiceWords)
  const text = useText()
  const { num } = useFormat()
  const discounted = lines.some(({ discountRial }) => Number(discountRial) !== 0)
  const columns = [
    { name: say('unit'), of: ({ unitRial }: Line) => unitRial },
    ...(discounted ? [{ name: say('discount'), of: ({ discountRial }: Line) => discountRial }] : []),
    { name: say('net'), of: ({ netRial }: Line) => netRial },
    { name: say('tax'), of: ({ taxRial }: Line) => taxRial },
    { name: say('total'), of: ({ totalRial }: Line) => totalRial },
  ]
  return (
    <Table.ScrollContainer minWidth={560} type="native">
      <Table verticalSpacing={8} aria-label={say('lines')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say('description')}</Table.Th>
            <Table.Th>{say('quantity')}</Table.Th>
            {columns.map(({ name }) => (
              <Table.Th key={name} ta="end">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={line.line}>
              <Table.Td>{text(line.description)}</Table.Td>
              <Table.Td>{num(line.quantity)}</Table.Td>
              {columns.map(({ name, of }) => (
                <Table.Td key={name} ta="end">
                  <Money rial={of(line)} bare />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
