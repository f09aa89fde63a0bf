/** Calls for tests: everything that a test does not care about has a plain value. */
import type { CallShown, LegShown, Match } from '@/api/telephone'
import type { Line, LineEvents, OpenLine, Ringing, Way } from '@/telephone/line'

let numbers = 0

export function match(parts: Partial<Match> = {}): Match {
  return {
    whose: 'resident', name: '王秀英', name_en: 'Wang Xiuying', region_id: 1, home_id: 7, resident_id: 70, contact_id: null, device_id: null, staff_id: null, organisation_id: null,
    relation: '', relation_en: '', of: '', of_en: '', address: '槐安东路 12 号 3-201', address_en: '12 Huaian East Road, 3-201', lat: 38.03, lng: 114.5, risk: 'high', ...parts,
  }
}

export function leg(parts: Partial<LegShown> = {}): LegShown {
  numbers += 1
  return { id: `leg-${numbers}`, role: 'caller', user_id: null, number: '', is_up: false, heard_by: '', ...parts }
}

export function call(parts: Partial<CallShown> = {}): CallShown {
  numbers += 1
  return {
    id: `call-${numbers}`, version: 1, direction: 'in', kind: 'hotline', line: '95001', line_name: '便民热线', line_name_en: 'Hotline', region_id: 1,
    caller: { raw: '013912345678', e164: '+8613912345678', presentation: 'shown' }, state: 'waiting', offered_at: '2026-11-28T08:00:00Z', wanted: null, taken_by: null,
    answered_at: null, answered_by: null, ended_at: null, cause: null, wrapped_up_at: null, incident_id: null, matches: [], attached: null, call_back_wanted: false, simulated: false, given_away: false,
    legs: [leg({ is_up: true })], ...parts,
  }
}

/** An exchange that a test plays: which lines were opened, and calls that ring on the last of them. */
export class Exchange {
  readonly ways: Way[] = []
  readonly stopped: Way[] = []
  events: LineEvents | null = null

  readonly open: OpenLine = (way, on): Line => {
    this.ways.push(way)
    this.events = on
    return { stop: () => void this.stopped.push(way) }
  }

  rings(number = '139'): Handset {
    const handset = new Handset(number)
    this.events!.rings(handset)
    return handset
  }
}

export class Handset implements Ringing {
  readonly call = 'pbx-call'
  readonly remote = {} as MediaStream
  readonly did: string[] = []
  private over: () => void = () => undefined

  constructor(readonly number: string) {}

  answer(): void {
    this.did.push('answered')
  }

  refuse(why: string): void {
    this.did.push(`refused ${why}`)
    this.over()
  }

  hangUp(): void {
    this.did.push('hung up')
    this.over()
  }

  connection(): null {
    return null
  }

  when(_confirmed: () => void, over: () => void): void {
    this.over = over
  }

  end(): void {
    this.over()
  }
}
