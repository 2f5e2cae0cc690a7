const paths = {
  attach: 'M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2l7.4-7.3',
  send: 'M12 19V5.5M5.5 12L12 5.5l6.5 6.5',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M6 9.5l6 6 6-6',
  file: 'M14 3H7a1.5 1.5 0 0 0-1.5 1.5v15A1.5 1.5 0 0 0 7 21h10a1.5 1.5 0 0 0 1.5-1.5V7.5zM14 3v4.5h4.5',
  pin: 'M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  play: 'M8 5.5v13l10.5-6.5z',
  people: 'M20 12.2c0 4-3.7 7.2-8.2 7.2-1.2 0-2.4-.2-3.4-.6L4 20l1.3-3.5A6.7 6.7 0 0 1 3.6 12.2C3.6 8.2 7.3 5 11.8 5S20 8.2 20 12.2z',
  more: 'M12 5.2v.1M12 12v.1M12 18.7v.1',
  alert: 'M12 8v5M12 16.2v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
} as const

/** A drawing beside words or inside a labelled button; screen readers pass it by. */
export function Icon({ name, size = 20 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} class="icon" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
