/** Who is on duty, the roster, and who is away. */
import { get, patch, post, put, remove } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Duty = Schemas['DutyView']
export type StaffOnDuty = Schemas['StaffOnDuty']
export type Roster = Schemas['Roster']
export type RosterDay = Schemas['RosterDay']
export type RosterLine = Schemas['RosterLine']
export type PlannedShift = Schemas['PlannedShift']
export type Absence = Schemas['AbsenceView']
export type AbsenceKind = Schemas['AbsenceKind']
export type Absent = Schemas['Absent']
export type Copied = Schemas['Copied']

export interface Narrowed {
  region_id: number | null
  kind: string | null
  name: string | null
}

export const fetchRoster = (from_day: string, narrowed: Narrowed) => get<Roster>('/duty/roster', { from_day, ...narrowed })
export const fetchOnDuty = (narrowed: Narrowed) => get<Schemas['Page_StaffOnDuty_']>('/duty/staff', { on: true, limit: 200, ...narrowed })
export const beginDuty = (staff: number, until: string | null = null) => post<StaffOnDuty>(`/duty/staff/${staff}/begin`, { until })
/** `withTask`: although they have one, which is offered to others then. */
export const endDuty = (staff: number, withTask: boolean) => post<Schemas['DutyEnded']>(`/duty/staff/${staff}/end`, undefined, { with_task: withTask })

export const planShifts = (body: Schemas['ShiftsBody']) => post<PlannedShift[]>('/duty/shifts', body)
export const changeShift = (id: number, body: Schemas['ShiftChanges']) => patch<PlannedShift>(`/duty/shifts/${id}`, body)
export const removeShift = (id: number) => remove<void>(`/duty/shifts/${id}`)
export const offerSwap = (id: number, staff: number) => post<PlannedShift>(`/duty/shifts/${id}/swap`, { staff_id: staff })
export const confirmSwap = (id: number) => post<PlannedShift>(`/duty/shifts/${id}/swap/confirm`)
export const takeSwapBack = (id: number) => remove<PlannedShift>(`/duty/shifts/${id}/swap`)
export const copyWeek = (from_day: string, region_id: number | null) => post<Copied>('/duty/roster/copy', { from_day, region_id })

export const addAbsence = (body: Schemas['AbsenceBody']) => post<Absent>('/duty/absences', body)
export const changeAbsence = (id: number, body: Schemas['AbsenceChanges']) => put<Absent>(`/duty/absences/${id}`, body)
export const removeAbsence = (id: number) => remove<void>(`/duty/absences/${id}`)
