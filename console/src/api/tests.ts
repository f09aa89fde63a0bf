/** What is in test, and until when. Rings and reaches nobody for so long. */
import { get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Trial = Schemas['TryView']
export type Forecast = Schemas['TryForecast']

export const fetchTests = () => get<Trial[]>('/tests')
export const tryDevice = (deviceId: number, minutes: number, reason: string) => post<Trial>('/tests', { device_id: deviceId, minutes, reason })
export const tryHome = (homeId: number, minutes: number, reason: string) => post<Trial>('/tests', { home_id: homeId, minutes, reason })
export const tryRegion = (regionId: number, minutes: number, reason: string) => post<Trial>('/tests', { region_id: regionId, minutes, reason })
export const foreseeRegion = (regionId: number, minutes: number, reason: string) => post<Forecast>('/tests/preview', { region_id: regionId, minutes, reason })
export const endTest = (id: number) => post<Trial>(`/tests/${id}/end`)
