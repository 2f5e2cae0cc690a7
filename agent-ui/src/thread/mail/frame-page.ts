/** How the page around a frame looks, so that a mail without colours of its own looks like a part of it. */
export interface FrameLooks {
  readonly colour: string
  readonly link: string
  readonly dark: boolean
}

/** Nothing runs, nothing is sent, and pictures come from the hub or stand in the mail. */
const policy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

const style = (looks: FrameLooks, paper: boolean) => `
:root{color-scheme:${looks.dark && !paper ? 'dark' : 'light'}}
html,body{margin:0;padding:0;background:${paper ? '#fff' : 'transparent'}}
body{${paper ? 'padding:12px;color:#1f2328;' : `color:${looks.colour};`}font:14px/1.55 system-ui,'Noto Sans TC','Noto Sans SC','Noto Sans JP',sans-serif;overflow-wrap:anywhere;overflow-x:auto}
a{color:${paper ? '#0b57d0' : looks.link}}
p{margin:0 0 .7em}
img{max-width:100%;height:auto}
img[data-blocked]{display:inline-block;min-width:24px;min-height:24px;border:1px dashed #8888;border-radius:3px;padding:2px 6px;font-size:12px}
blockquote{margin:0 0 0 .6ex;padding-left:1.2ex;border-left:2px solid #8886}
pre{white-space:pre-wrap}
table{max-width:100%}
summary{display:inline-block;cursor:pointer;padding:0 8px;margin:6px 0;border-radius:6px;background:#8883;list-style:none;letter-spacing:1px}
summary::-webkit-details-marker{display:none}
`

/**
 * A page of its own for a mail's sanitised HTML. A mail that sets colours stands on white paper in every theme, for its
 * author chose them for white.
 */
export function framePage(html: string, coloured: boolean, looks: FrameLooks): string {
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style(looks, coloured)}</style>`
  return `<!DOCTYPE html><html><head>${head}</head><body>${html}</body></html>`
}
