/** Lines, number rules and recorded prompts, as administrators keep them. */
import { atServer, get, post, put, request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Line = Schemas['LineView']
export type LineBody = Schemas['LineBody']
export type LineChanges = Schemas['LineChanges']
export type NumberRules = Schemas['NumberRulesView']
export type NumberRule = Schemas['NumberRuleView']
export type Tried = Schemas['TriedNumber']
export type Prompt = Schemas['PromptView']
export type SpokenLanguage = 'zh' | 'en'

export const KINDS = ['red', 'green', 'hotline', 'office'] as const satisfies readonly Schemas['LineKind'][]

export const fetchLines = () => get<Line[]>('/hotline/lines')
export const addLine = (body: LineBody) => post<Line>('/hotline/lines', body)
export const changeLine = (id: number, body: LineChanges) => put<Line>(`/hotline/lines/${id}`, body)

export const fetchRules = () => get<NumberRules>('/hotline/number-rules')
export const putRules = (mark: string, rules: readonly NumberRule[]) => put<NumberRules>('/hotline/number-rules', { mark, rules })
/** By these rules, which need not be kept yet. */
export const tryNumber = (asked: { number: string; withheld: boolean; area_code: string; rules: readonly NumberRule[] }) => post<Tried>('/hotline/number-rules/try', asked)

const at = (language: string, name: string) => `/hotline/prompts/${language}/${encodeURIComponent(name)}`
export const fetchPrompts = () => get<Prompt[]>('/hotline/prompts')
/** `sha256` makes another recording have another address. */
export const promptAddress = ({ language, name, sha256 }: Pick<Prompt, 'language' | 'name' | 'sha256'>) => atServer(`/api/v1${at(language, name)}?sha256=${sha256}`)
export const takeBack = ({ language, name, version }: Prompt) => request<void>('DELETE', at(language, name), undefined, { version })

/** `version`: of the one that it replaces; 0: there is none. */
export function putPrompt(language: string, name: string, said: string, version: number, file: Blob): Promise<Prompt> {
  const form = new FormData()
  form.append('said', said)
  form.append('version', String(version))
  form.append('file', file)
  return put<Prompt>(at(language, name), form)
}
