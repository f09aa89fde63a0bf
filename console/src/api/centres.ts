/** Other centres that alarms are given to, and the rules by which they go. */
import { get, post, put, remove } from './http'
import { command } from './incidents'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Centre = Schemas['CentreView']
export type CentreDraft = Schemas['CentreBody']
export type CentreChanges = Schemas['CentreChanges']
export type Rule = Schemas['ForwardRuleView']
export type RuleDraft = Schemas['ForwardRuleBody']
export type RuleChanges = Schemas['ForwardRuleChanges']
export type Choice = Schemas['CentreChoice']
export type Foreseen = Schemas['ForeseenForward']

export const MODES: readonly Rule['mode'][] = ['always', 'unmanned', 'untaken']

/** What a rule may name: kinds of alarms. */
export const KINDS: readonly Rule['kinds'][number][] = ['sos', 'medical', 'fall', 'smoke', 'gas', 'water', 'intrusion', 'inactivity', 'unknown']

export const fetchCentres = () => get<Centre[]>('/centres')
export const addCentre = (draft: CentreDraft) => post<Centre>('/centres', draft)
export const changeCentre = (id: number, changes: CentreChanges) => put<Centre>(`/centres/${id}`, changes)
export const fetchRules = () => get<Rule[]>('/centres/rules')
export const addRule = (draft: Partial<RuleDraft>) => post<Rule>('/centres/rules', draft)
export const changeRule = (id: number, changes: RuleChanges) => put<Rule>(`/centres/rules/${id}`, changes)
export const removeRule = (id: number) => remove<void>(`/centres/rules/${id}`)
/** What the rules would do now with an SOS in this region. */
export const foresee = (region_id: number) => post<Foreseen[]>('/forwarding/foresee', { region_id })

export const fetchChoices = (incident: string) => get<Choice[]>(`/incidents/${incident}/centres`)
export const forward = (incident: string, centre_id: number, reason: string) => command(incident, 'forward', { centre_id, reason })
/** Somebody there has said on the phone that they have it. */
export const accepted = (incident: string, forwarding_id: string, by: string, note: string) => command(incident, 'forward-accepted', { forwarding_id, by, note })
