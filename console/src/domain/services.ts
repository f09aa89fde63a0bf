/** Whom to call for help besides the family, in the order and at the numbers that the server tells. Pure. */
import type { Help } from '@/api/wire'

export type Service = Help['services'][number]

/** Until the server has told: the one that most calls need first. */
export const UNTOLD: readonly Service[] = ['ambulance', 'fire', 'police']

/** Where no region names a number, and as everybody calls the service. */
const USUAL: Record<Service, string> = { ambulance: '120', fire: '119', police: '110' }

/** What to dial from the seat, area code and all. */
export function numberOf(service: Service, help: Help | null): string {
  return help?.numbers[service] || USUAL[service]
}

/** A number without the area code before it, as the service is called by everybody. */
export const shortNumber = (service: Service) => USUAL[service]

export type Question =
  | 'access' | 'opens' | 'age_sex' | 'complaint' | 'conscious' | 'medicines' | 'allergies' | 'health' | 'hospital' | 'call_back' | 'what' | 'inside' | 'building'

/** What a dispatcher of each service asks, in the order of the call. */
export const QUESTIONS: Record<Service, readonly Question[]> = {
  ambulance: ['access', 'opens', 'age_sex', 'complaint', 'conscious', 'medicines', 'allergies', 'health', 'hospital', 'call_back'],
  fire: ['what', 'inside', 'building', 'access', 'opens', 'call_back'],
  police: ['what', 'inside', 'access', 'opens', 'call_back'],
}
