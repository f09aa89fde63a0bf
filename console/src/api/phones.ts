/** The phones of those who are sent, as the office manages them. */
import { get, post, remove } from './http'
import type { components } from './schema.gen'

export type FieldPhone = components['schemas']['FieldPhoneView']
export type PhoneLink = components['schemas']['PhoneLinkView']

export const fetchPhones = (staffId: number) => get<FieldPhone[]>(`/staff/${staffId}/phones`)
export const makeLink = (staffId: number, hours: number) => post<PhoneLink>(`/staff/${staffId}/phones/link`, { hours })
export const endPhones = (staffId: number, only?: string) => remove<void>(`/staff/${staffId}/phones${only ? `?only=${encodeURIComponent(only)}` : ''}`)
