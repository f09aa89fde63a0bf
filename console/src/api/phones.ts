/** The phones of those who are sent, as the office manages them. */
import { atServer, get, post, put, remove } from './http'
import type { components } from './schema.gen'

export type FieldPhone = components['schemas']['FieldPhoneView']
export type PhoneLink = components['schemas']['PhoneLinkView']

export const fetchPhones = (staffId: number) => get<FieldPhone[]>(`/staff/${staffId}/phones`)
export const makeLink = (staffId: number, hours: number) => post<PhoneLink>(`/staff/${staffId}/phones/link`, { hours })
export const endPhones = (staffId: number, only?: string) => remove<void>(`/staff/${staffId}/phones${only ? `?only=${encodeURIComponent(only)}` : ''}`)

export type TaskPhoto = components['schemas']['FieldPhotoView']
export type CodeKind = components['schemas']['CodeOf']

export const fetchTaskPhotos = (task: string) => get<TaskPhoto[]>(`/tasks/${task}/photos`)
export const taskPhotoAddress = (task: string, photo: string) => atServer(`/api/v1/tasks/${task}/photos/${photo}`)
export const setHomeCode = (home: number, kind: CodeKind, code: string | null) => put<void>(`/homes/${home}/code`, { kind, code })
