/** The accounts of others, as administrators keep them. */
import { get, lookUp, patch, post, remove, type Query } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type User = Schemas['UserView']
export type UserPage = Schemas['UserPage']
export type Grant = Schemas['GrantView']
export type NewGrant = Schemas['NewGrantBody']
export type NewUser = Schemas['NewUserBody']
export type UserChanges = Schemas['UserChanges']
export type Slip = Schemas['SlipView']
export type UserSession = Schemas['SessionView']
export type LockOut = Schemas['LockOutView']
export type UserChange = Schemas['UserChange']

const at = (id: number, part = '') => `/users/${id}${part}`

export const fetchUsers = (query: Query & { q: string }) => lookUp<UserPage>('/users', query)
export const fetchUser = (id: number) => get<User>(at(id))
export const addUser = (user: NewUser) => post<User>('/users', user)
export const changeUser = (id: number, changes: UserChanges) => patch<User>(at(id), changes)
export const giveSlip = (id: number, hours: number) => post<Slip>(at(id, '/slip'), { hours })
export const giveGrant = (id: number, grant: NewGrant) => post<Grant>(at(id, '/grants'), grant)
export const endGrant = (id: number, grant: number) => remove(at(id, `/grants/${grant}`))
export const fetchSessions = (id: number) => get<UserSession[]>(at(id, '/sessions'))
export const endSessions = (id: number, only?: string) => remove(at(id, only ? `/sessions?only=${encodeURIComponent(only)}` : '/sessions'))
export const fetchOwnSessions = () => get<UserSession[]>('/me/sessions')
export const endOwnSessions = (only?: string) => remove(only ? `/me/sessions?only=${encodeURIComponent(only)}` : '/me/sessions')
export const fetchLockOuts = (id: number) => get<LockOut[]>(at(id, '/lockouts'))
export const liftLockOuts = (id: number) => remove(at(id, '/lockouts'))
export const fetchUserChanges = (id: number) => get<UserChange[]>(at(id, '/changes'))
