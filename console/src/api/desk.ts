/** The dispatcher's desk: tasks by what they want, whom they could go to, and what is done about them. */
import { get, lookUp, post, type Query } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Task = Schemas['TaskLine']
export type TaskDetail = Schemas['TaskDetail']
export type TaskKind = Schemas['TaskKind']
export type TaskState = Schemas['TaskState']
export type TaskPage = Schemas['TaskPage']
export type TaskCounts = Schemas['TaskCounts']
export type TaskChanges = Schemas['TaskChanges']
export type PeopleForTask = Schemas['PeopleForTask']
export type Suggestion = Schemas['TaskSuggestionView']
export type Hindered = Schemas['TaskHinderedView']
export type FieldPerson = Schemas['FieldPersonLine']
export type PersonDay = Schemas['PersonDay']
export type DayTask = Schemas['DayTask']
export type Booking = Schemas['BookingBody']
export type Replan = Schemas['Replan']
export type ReplanStep = Schemas['ReplanStep']

export interface TaskFilter {
  q: string
  state: readonly TaskState[]
  kind: readonly TaskKind[]
  staff_id: number | null
  day: string
}

const asked = (filter: TaskFilter): Query & { q: string } => ({ ...filter })

export const fetchTasks = (filter: TaskFilter, after: string | null = null, limit = 200) => lookUp<TaskPage>('/desk/tasks', { ...asked(filter), after, limit })
export const fetchCounts = (filter: TaskFilter) => lookUp<TaskCounts>('/desk/counts', asked(filter))
export const fetchChanges = (filter: TaskFilter, mark: string) => lookUp<TaskChanges>('/desk/changes', { ...asked(filter), mark })
export const fetchTask = (id: string) => get<TaskDetail>(`/desk/tasks/${id}`)
export const fetchPeopleFor = (id: string) => get<PeopleForTask>(`/desk/tasks/${id}/people`)
export const fetchFieldPeople = (q = '') => lookUp<FieldPerson[]>('/desk/people', { q })
export const fetchDay = (staff: number, day: string) => get<PersonDay>(`/desk/people/${staff}/day`, { day })

export const bookTask = (body: Booking) => post<Task>('/desk/tasks', body)
export const offerTask = (id: string, body: Schemas['TaskOfferBody']) => post<TaskDetail>(`/desk/tasks/${id}/offer`, body)
export const giveTask = (id: string, body: Schemas['TaskGiveBody']) => post<TaskDetail>(`/desk/tasks/${id}/give`, body)
export const moveTask = (id: string, body: Schemas['TaskMoveBody']) => post<TaskDetail>(`/desk/tasks/${id}/move`, body)
export const noteTask = (id: string, body: Schemas['TaskNoteBody']) => post<TaskDetail>(`/desk/tasks/${id}/note`, body)
export const calledTask = (id: string, body: Schemas['TaskCalledBody']) => post<TaskDetail>(`/desk/tasks/${id}/called`, body)
export const takeTaskAway = (id: string, body: Schemas['TaskReasonBody']) => post<TaskDetail>(`/desk/tasks/${id}/take-away`, body)
export const callTaskOff = (id: string, body: Schemas['TaskReasonBody']) => post<TaskDetail>(`/desk/tasks/${id}/call-off`, body)
export const finishTask = (id: string, body: Schemas['TaskReasonBody']) => post<TaskDetail>(`/desk/tasks/${id}/finish`, body)

export const proposeReplan = (body: Schemas['ReplanAsk']) => post<Replan>('/desk/replanning/proposal', body)
export const carryOutReplan = (body: Schemas['ReplanBody']) => post<Schemas['Replanned']>('/desk/replanning', body)
