/** What is in test, and until when. Rings and reaches nobody for so long. */
import { get, post } from './http'
import type { components } from './schema.gen'

export type Trial = components['schemas']['TryView']

export const fetchTests = () => get<Trial[]>('/tests')
export const tryDevice = (deviceId: number, minutes: number, reason: string) => post<Trial>('/tests', { device_id: deviceId, minutes, reason })
export const endTest = (id: number) => post<Trial>(`/tests/${id}/end`)
