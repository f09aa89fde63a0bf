/** Signs of the categories of families: a shape each, drawn beside its word, so that no colour has to be told apart. Pure. */

export const FAMILIES = ['extreme_poverty', 'minimum_allowance', 'no_family', 'lost_only_child', 'preferential', 'disabled'] as const
export type Family = (typeof FAMILIES)[number]

/** Paths in a square of 16. */
export const SIGNS: Readonly<Record<Family, string>> = {
  extreme_poverty: 'M8 1.5 14.5 13.5H1.5Z', // a triangle
  minimum_allowance: 'M2 3.5H14V12.5H2Z M8 5.5V10.5 M5.8 8H10.2', // a note of money
  no_family: 'M8 2a3 3 0 1 1 0 6a3 3 0 1 1 0-6Z M3 14c0-3 2-4.5 5-4.5s5 1.5 5 4.5Z', // somebody alone
  lost_only_child: 'M8 13.5 2.2 7.6A3.4 3.4 0 0 1 8 4.4 3.4 3.4 0 0 1 13.8 7.6Z', // a heart
  preferential: 'M8 1.5 9.9 6 14.7 6.4 11 9.5 12.2 14.2 8 11.7 3.8 14.2 5 9.5 1.3 6.4 6.1 6Z', // a star
  disabled: 'M6.5 1.5h2v2h-2Z M7.5 4v5h4l1.5 4.5 M7.5 6.2h3.5 M6.2 7.2a4 4 0 1 0 4.6 5.3', // a wheelchair
}

/** The categories of somebody, in the order of their signs. */
export function familiesOf(person: { welfare: readonly string[]; disability?: string | null }): Family[] {
  return FAMILIES.filter((each) => (each === 'disabled' ? Boolean(person.disability) : person.welfare.includes(each)))
}

export const isFamily = (word: string): word is Family => (FAMILIES as readonly string[]).includes(word)
