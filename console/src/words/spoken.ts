/** Figures as they are said and dialled. Pure. */

/** "2单元" and "2" are both written; the unit is ours to add. */
export function bare(value: string): string {
  return value.replace(/(单元|室|号|层)$/, '')
}

/** +8613912345678 as a person dials and reads it: 139 1234 5678. */
export function spokenPhone(phone: string): string {
  const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(phone)
  if (mobile) return mobile.slice(1).join(' ')
  return phone.replace(/^\+86(?=\d)/, '0')
}
