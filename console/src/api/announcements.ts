/** What supervisors tell all seats. */
import { commandId, get, post } from './http'
import type { components } from './schema.gen'

export type Announcement = components['schemas']['AnnouncementView']

/** Sent again with the same id it is the same one. */
export interface Draft {
  id: string
  words: string
  must_acknowledge: boolean
  region_id: number | null
  minutes: number
}

export const freshId = () => commandId()
export const fetchAnnouncements = () => get<Announcement[]>('/announcements')
export const announce = (draft: Draft) => post<Announcement>('/announcements', draft)
export const markRead = (id: string) => post<void>(`/announcements/${id}/read`)
export const endAnnouncement = (id: string) => post<Announcement>(`/announcements/${id}/end`)
