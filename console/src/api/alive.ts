/** What must be alive, as the server has last looked. */
import { get } from './http'
import type { components } from './schema.gen'

export type Liveness = components['schemas']['LivenessView']
export type Finding = Liveness['items'][number]

export const fetchLiveness = () => get<Liveness>('/alive')
