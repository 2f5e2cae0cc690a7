import { expect, test } from 'vitest'
import { anchorsOf, linksOf } from '../../bin/check/markdown.ts'

test('links to our own files are found with their lines; others and code are not', () => {
  const page = [
    '[a](docs/a.md) and [b](../b.md#part "title") ![c](c.png)',
    '[web](https://example.com) [mail](mailto:a@b.c) [root](/healthz)',
    '`[code](no.md)`',
    '```md',
    '[fenced](no.md)',
    '```',
    '[here](#top)',
  ].join('\n')
  expect(linksOf(page)).toEqual([
    { target: 'docs/a.md', line: 1 },
    { target: '../b.md#part', line: 1 },
    { target: 'c.png', line: 1 },
    { target: '#top', line: 7 },
  ])
})

test('anchors are made as GitHub makes them', () => {
  const page = '# The store, & more\n## `npm run check`\n## 佇列 設定\n## Same\n### Same ##\n```\n# not a heading\n```'
  expect([...anchorsOf(page)]).toEqual(['the-store--more', 'npm-run-check', '佇列-設定', 'same', 'same-1'])
})
