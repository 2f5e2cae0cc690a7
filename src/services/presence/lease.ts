/** How long a presence lease holds after its last renewal, milliseconds: a sleeping laptop stops getting offers within this. */
export const leaseMs = 45_000
/** A renewal writes when less than this is left, milliseconds; consoles renew every 15 s. */
export const renewBelowMs = 25_000
/** What is left of the lease when an agent's last console goes, milliseconds: a reload comes back within it. */
export const closingMs = 15_000
/** How long an absent agent keeps conversations whose customers wait for an answer, milliseconds. */
export const absenceGraceMs = 120_000
