/** The sign of the product. Decorative: its name stands beside it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="8" fill="var(--oq-accent)" />
      <path d="M9 10h14M9 16h14M9 22h8" stroke="var(--oq-on-accent)" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="22.5" cy="22" r="2.6" fill="var(--oq-on-accent)" />
    </svg>
  )
}
