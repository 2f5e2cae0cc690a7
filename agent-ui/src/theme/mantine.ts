import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const accent: MantineColorsTuple = [
  '#eef1fb',
  '#dde4f7',
  '#b9c6ee',
  '#93a8f5',
  '#7089dc',
  '#5470cb',
  '#3a55b4',
  '#304898',
  '#2a3f87',
  '#1f2f68',
]

const tokens = {
  '--mantine-font-size-xs': 'var(--oq-text-small)',
  '--mantine-font-size-sm': 'var(--oq-text)',
  '--mantine-font-size-md': 'var(--oq-text)',
  '--mantine-font-size-lg': 'var(--oq-text-large)',
  '--mantine-font-size-xl': 'var(--oq-title)',
  '--mantine-font-family': 'var(--oq-font)',
  '--mantine-font-family-headings': 'var(--oq-font)',
  '--mantine-line-height': 'var(--oq-line)',
  '--mantine-color-body': 'var(--oq-canvas)',
  '--mantine-color-text': 'var(--oq-ink)',
  '--mantine-color-dimmed': 'var(--oq-ink-3)',
  '--mantine-color-placeholder': 'var(--oq-ink-3)',
  '--mantine-color-error': 'var(--oq-bad)',
  '--mantine-color-anchor': 'var(--oq-accent-ink)',
  '--mantine-color-default': 'var(--oq-raised)',
  '--mantine-color-default-hover': 'var(--oq-panel)',
  '--mantine-color-default-color': 'var(--oq-ink)',
  '--mantine-color-default-border': 'var(--oq-hairline-strong)',
  '--mantine-color-disabled': 'var(--oq-rail)',
  '--mantine-color-disabled-color': 'var(--oq-ink-3)',
  '--mantine-color-disabled-border': 'var(--oq-hairline)',
  '--mantine-primary-color-filled': 'var(--oq-accent)',
  '--mantine-primary-color-filled-hover': 'var(--oq-accent-hover)',
  '--mantine-primary-color-light': 'var(--oq-accent-soft)',
  '--mantine-primary-color-light-hover': 'var(--oq-accent-soft)',
  '--mantine-primary-color-light-color': 'var(--oq-accent-ink)',
  '--mantine-primary-color-contrast': 'var(--oq-on-accent)',
  '--mantine-color-accent-filled': 'var(--oq-accent)',
  '--mantine-color-accent-filled-hover': 'var(--oq-accent-hover)',
  '--mantine-color-accent-light': 'var(--oq-accent-soft)',
  '--mantine-color-accent-light-hover': 'var(--oq-accent-soft)',
  '--mantine-color-accent-light-color': 'var(--oq-accent-ink)',
  '--mantine-color-accent-outline': 'var(--oq-accent)',
  '--mantine-color-red-filled': 'var(--oq-bad)',
  '--mantine-color-red-light': 'var(--oq-bad-soft)',
  '--mantine-color-red-light-color': 'var(--oq-bad)',
  '--mantine-shadow-md': 'var(--oq-shadow)',
  '--mantine-shadow-xl': 'var(--oq-shadow)',
}

/** Points Mantine's own variables at ours, so that `tokens.css` alone decides how things look. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens })

/** Mantine with the console's proportions. */
export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  autoContrast: false,
  defaultRadius: 6,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 32 } },
    Modal: { defaultProps: { radius: 12, centered: true, overlayProps: { backgroundOpacity: 0.32 }, transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, fz: 'xs', events: { hover: true, focus: true, touch: false } } },
    Menu: { defaultProps: { shadow: 'md', radius: 8 } },
    Popover: { defaultProps: { shadow: 'md', radius: 8 } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
  },
})
