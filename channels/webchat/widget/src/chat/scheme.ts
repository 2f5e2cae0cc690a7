import { inkOn } from '../shared/contrast.ts'

/** Keeps the page light or dark, as the site or the system wishes. */
export function followScheme(scheme: 'light' | 'dark' | 'auto'): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    const dark = scheme === 'auto' ? system.matches : scheme === 'dark'
    // The tokens shared with the console go by this attribute.
    document.documentElement.dataset['mantineColorScheme'] = dark ? 'dark' : 'light'
  }
  apply()
  if (scheme === 'auto') system.addEventListener('change', apply)
}

/** Gives the page the inbox's colour, and the ink that reads on it. */
export function paint(color: string): void {
  const { style } = document.documentElement
  style.setProperty('--brand', color)
  style.setProperty('--on-brand', inkOn(color))
}
