/** Figures as they are said and dialled. Pure. */

/** "2单元" and "2" are both written; the unit is ours to add. */
export function bare(value: string): string {
  return value.replace(/(单元|室|号|层)$/, '')
}

/** Mobile, service (400, 800), and areas with two digits (10, 2x) or three after the 0 that is dialled within the country. */
const GROUPS: readonly [RegExp, string][] = [
  [/^(1[3-9]\d)(\d{4})(\d{4})$/, '$1 $2 $3'],
  [/^([48]00)(\d{3})(\d{4})$/, '$1 $2 $3'],
  [/^(10|2\d)(\d{4})(\d{4})$/, '0$1 $2 $3'],
  [/^([3-9]\d{2})(\d{3,4})(\d{4})$/, '0$1 $2 $3'],
]

/** +8613912345678 as a person dials and reads it: 139 1234 5678, and +8631188886666: 0311 8888 6666. */
export function spokenPhone(phone: string): string {
  const within = /^\+86(\d+)$/.exec(phone)?.[1]
  if (within === undefined) return phone
  const fits = GROUPS.find(([form]) => form.test(within))
  return fits ? within.replace(...fits) : `0${within}`
}
