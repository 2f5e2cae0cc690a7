/** A link to a file or heading of ours. */
export interface Link {
  readonly target: string
  readonly line: number
}

/** The links and images of a page that stay within the package; code blocks and code spans are left out. */
export function linksOf(markdown: string): Link[] {
  const found: Link[] = []
  for (const [index, line] of outsideCode(markdown).entries()) {
    for (const match of line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
      const target = match[1] ?? ''
      if (!/^([a-z][a-z0-9+.-]*:|\/)/i.test(target)) found.push({ target, line: index + 1 })
    }
  }
  return found
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>()
  for (const line of outsideCode(markdown)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    if (heading === undefined) continue
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replaceAll(/\s/g, '-')
    for (let again = 0; ; again += 1) {
      const name = again === 0 ? anchor : `${anchor}-${again}`
      if (anchors.has(name)) continue
      anchors.add(name)
      break
    }
  }
  return anchors
}

/** Lines of fenced code become empty, so that line numbers stay. */
function outsideCode(markdown: string): string[] {
  let fence: string | undefined
  return markdown.split('\n').map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark && fence === undefined) {
      fence = mark
      return ''
    }
    if (fence === undefined) return line
    if (mark?.startsWith(fence)) fence = undefined
    return ''
  })
}
