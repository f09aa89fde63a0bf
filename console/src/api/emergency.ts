/** One home or incident outside one's regions, opened with a reason for a quarter of an hour. */
import { get, post } from './http'
import type { components } from './schema.gen'

export type Access = components['schemas']['AccessView']
export type Found = components['schemas']['FoundElsewhere']

export const findElsewhere = (q: string) => post<Found[]>('/emergency-access/find', { q })
export const openInEmergency = (of: Found, reason: string) =>
  post<Access>('/emergency-access', { ...(of.home_id === null ? { incident_id: of.incident_id } : { home_id: of.home_id }), reason })
export const fetchAccesses = () => get<Access[]>('/emergency-access')
export const endAccess = (id: number) => post<Access>(`/emergency-access/${id}/end`)
