/** Whom to call for help besides the family: ambulance, fire brigade, police. Pure. */

export type Service = 'ambulance' | 'fire' | 'police'

export const SERVICES: readonly Service[] = ['ambulance', 'fire', 'police']

/** Where no region names a number: those of the country. */
const USUAL: Record<Service, string> = { ambulance: '120', fire: '119', police: '110' }

const FIRST: Record<string, Service> = { smoke: 'fire', gas: 'fire', intrusion: 'police' }

/** The one that this kind of signal needs first. */
export const serviceOf = (kind: string): Service => FIRST[kind] ?? 'ambulance'

/** What to dial from the seat, area code and all. */
export function numberOf(service: Service, numbers: Readonly<Record<string, string>> | null | undefined): string {
  return numbers?.[service] || USUAL[service]
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
