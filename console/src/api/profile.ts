/** `GET /api/v1/homes/{id}/profile`: everything about a home that an operator may need during a call. Every look is audited. */
import { get } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

/** English wording of free-text columns, where somebody wrote one. */
export type English = Record<string, string>

export type Profile = Schemas['ProfileView']
export type ContactView = Schemas['ContactView']
export type ResidentView = Schemas['ResidentView']
export type DeviceView = Schemas['ProfileDevice']

export const fetchProfile = (homeId: number) => get<Profile>(`/homes/${homeId}/profile`)
