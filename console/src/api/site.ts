/** What administrators change while the server runs, and what is kept for how long. */
import { get, put } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Setting = Schemas['SettingView']
export type Value = Setting['value']
export type Retention = Schemas['RetentionView']
export type Kept = Schemas['KeptView']

export const fetchSettings = () => get<Setting[]>('/site-settings')
export const saySetting = (name: string, value: Value | null) => put<Setting[]>(`/site-settings/${encodeURIComponent(name)}`, { value })
export const fetchRetention = () => get<Retention>('/retention')
