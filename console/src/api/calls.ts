/** Call lists: whom the centre rings up by itself. */
import { get, patch, post, remove } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type CallList = Schemas['CallListView']
export type CallItem = Schemas['CallItemView']
export type Call = Schemas['CallView']
export type CallPlan = Schemas['CallPlanView']
export type CallRule = Schemas['CallRuleBody']
export type CallResult = Schemas['CallResult']
export type CallState = Schemas['CallState']
export type ListKind = Schemas['ListKind']
export type Outage = Schemas['OutageView']
export type RollCall = Schemas['RollCallBody']
export type RollCallTotals = Schemas['RollCallTotals']
export type CallPolicy = Schemas['CallPolicyBody']
export type CallPolicies = Schemas['CallPoliciesView']
export type WhyCalled = Schemas['WhyCalled']

export const fetchLists = () => get<CallList[]>('/calls/lists')
export const fetchItems = (list: number) => get<CallItem[]>(`/calls/lists/${list}/items`)
export const takeNext = async (list: number | null) => (await post<Schemas['TakenCall']>('/calls/next', { list_id: list })).call ?? null
export const takeItem = (item: number) => post<Call>(`/calls/items/${item}/take`)
export const renew = (item: number) => post<Call>(`/calls/items/${item}/renew`)
export const giveBack = (item: number) => post<void>(`/calls/items/${item}/give-back`)
export const report = (item: number, body: Schemas['CallReport']) => post<void>(`/calls/items/${item}/report`, body)

export const addList = (body: Schemas['CallListBody']) => post<CallList>('/calls/lists', body)
export const changeList = (list: number, changes: Schemas['CallListChanges']) => patch<CallList>(`/calls/lists/${list}`, changes)
export const fetchPlans = (list: number) => get<CallPlan[]>(`/calls/lists/${list}/plans`)
export const addPlan = (list: number, body: Schemas['CallPlanBody']) => post<CallPlan>(`/calls/lists/${list}/plans`, body)
export const removePlan = (plan: number) => remove<void>(`/calls/plans/${plan}`)

export const fetchOutages = () => get<Outage[]>('/calls/outages')
export const previewRollCall = (body: RollCall) => post<RollCallTotals>('/calls/roll-calls/preview', body)
export const makeRollCall = (body: RollCall) => post<CallList>('/calls/roll-calls', body)
