/**
 * Everything that this page holds of people, dropped at once: at sign-out, when somebody else signs in, when rights change.
 * Whoever keeps such things beyond a component (a store, a cache of a module) says how they are dropped.
 */
const drops = new Set<() => void>()

/** `drop` leaves what holds it as it was when the page was loaded. */
export function whenDropped(drop: () => void): void {
  drops.add(drop)
}

export function dropEverything(): void {
  for (const drop of drops) drop()
}
