/** The line between this seat and the server. Pure. */

export type LineState = 'connecting' | 'live' | 'down'

/** Longer than this without a word from the server is an alarm of its own at this seat; the server calls it unmanned. */
export const LOST_AFTER_MS = 6_000
