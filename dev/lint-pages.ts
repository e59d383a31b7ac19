import type { Example, Rule } from '../definitions/check/rule.ts'

const severities = {
  E: { en: 'Error: blocks publication', fa: 'خطا: مانع انتشار' },
  W: { en: 'Warning: must be acknowledged with a reason', fa: 'هشدار: باید با دلیل تایید شود' },
  I: { en: 'Information', fa: 'آگاهی' },
}

/** The page of one rule, made from its own words and examples. */
export function rulePage({ id, title, about, fails, passes }: Rule): string {
  const severity = severities[id[0] as keyof typeof severities]
  return [
    `# ${id} ${title.en} · ${title.fa}`,
    '',
    `**${severity.en}** · ${severity.fa}`,
    '',
    about.en,
    '',
    `<p dir="rtl">${about.fa}</p>`,
    '',
    ...exampleText(id.startsWith('I') ? 'Tells something' : 'Fails', fails),
    ...exampleText(id.startsWith('I') ? 'Tells nothing more' : 'Passes', passes),
    '',
  ].join('\n')
}

/** A table of all rules. */
export function lintIndexPage(rules: readonly Rule[]): string {
  return [
    '# Lint',
    '',
    'Every rule that `definitions lint` knows, with the page that explains it. The examples are changes of one',
    '[small order](../../definitions/check/examples/small-order.ts), as JSON Merge Patch: objects are laid over it, `null` takes a key away.',
    '',
    '| rule | | finding | یافته |',
    '|---|---|---|---|',
    ...rules.map(
      ({ id, title }) =>
        `| [${id}](${id}.md) | ${severities[id[0] as keyof typeof severities].en.split(':')[0]} | ${title.en} | ${title.fa} |`,
    ),
    '',
  ].join('\n')
}

function exampleText(word: string, example: Example): string[] {
  if ('text' in example) return [`## ${word}`, '', '```', example.text, '```', '']
  const unchanged = Object.keys(example.change).length === 0
  return [
    `## ${word}`,
    '',
    ...(unchanged ? ['The small order as it is.'] : ['```json', JSON.stringify(example.change, null, 2), '```']),
    ...(example.catalogues === undefined
      ? []
      : ['', `With other catalogues: ${Object.keys(example.catalogues).join(', ')}.`]),
    '',
  ]
}
