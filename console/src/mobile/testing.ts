/** A server as the phone sees it, for specs: it keeps what it carried out, and its line can break at any moment. */
import type { Ask } from './field'
import type { Command } from './queue'
import type { PhoneRounds } from './rounds/stops'
import { NoLine, Refusal, type Job, type Jobs } from './wire'

export const STAFF = 7

export function job(parts: Partial<Job> = {}): Job {
  return {
    id: 'task-1', code: 482, kind: 'visit', state: 'offered', version: 1, mine: false, offer_until: '2026-11-28T09:10:00Z', urgent: false,
    what: '打扫', place: '榆荫里7号楼2单元501', place_en: '', destination: '', lat: 40, lng: 104, begins_at: '2026-11-28T09:00:00Z', until_at: null,
    minutes: 60, eta: null, arrived_at: null, ended_at: null, person: null, way_in: null, check_list: [], hazards: '', wishes: [], call: null, ...parts,
  } as Job
}

export function jobs(...listed: Job[]): Jobs {
  return {
    now: '2026-11-28T09:00:00Z',
    nonce: 'ABCDEF-1',
    who: { staff_id: STAFF, name: '王敏', on_duty_since: null, hotline: '', site: '', site_en: '', timezone: 'Asia/Shanghai', session_until: '2026-12-28T09:00:00Z', exercise: false },
    jobs: listed,
  }
}

type Verdict = { answer: 'done' | 'otherwise' | 'refused'; code?: string; params?: Record<string, unknown> }

export class FakeServer {
  readonly carriedOut: string[] = []
  readonly photos = new Map<string, Blob>()
  private readonly told = new Map<string, Verdict>()
  listed = jobs(job())
  line: 'on' | 'off' | 'answers are lost' = 'on'
  loggedIn = true
  /** Commands of these names the server cannot even read. */
  unreadable = new Set<string>()
  verdict: (command: Command) => Verdict = () => ({ answer: 'done' })
  photoRefused = ''
  /** Addresses that answer nothing but errors. */
  broken = new Set<string>()
  rounds = { now: '2026-11-28T09:00:00Z', runs: [], pairs: [] } as unknown as PhoneRounds

  readonly ask: Ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    if (this.line === 'off') throw new NoLine('off')
    if (!this.loggedIn) throw new Refusal(401, 'no_phone')
    const answer = this.answer(method, path, body)
    if (this.line === 'answers are lost') throw new NoLine('lost')
    return answer as T
  }

  private answer(method: string, path: string, body: unknown): unknown {
    if (this.broken.has(path)) throw new Refusal(500, 'internal')
    if (path === '/rounds') return this.rounds
    if (path === '/jobs') return this.listed
    if (path === '/time') return { now: this.listed.now, nonce: this.listed.nonce }
    if (method === 'PUT' && path.startsWith('/photos/')) return this.keep(path.split(/[/?]/)[2]!, body as Blob)
    return { now: this.listed.now, answers: (body as { commands: Command[] }).commands.map((each) => this.carryOut(each, body as { commands: Command[] })) }
  }

  private keep(id: string, blob: Blob) {
    if (!this.photoRefused) this.photos.set(id, blob)
    return { id, refused: this.photoRefused, alike: false }
  }

  private carryOut(command: Command, { commands }: { commands: Command[] }) {
    if (commands.some((each) => this.unreadable.has(each.name))) throw new Refusal(422, 'invalid')
    if (command.after && !this.told.has(command.after)) return { id: command.id, answer: 'too_early', code: '', params: {} }
    if (!this.told.has(command.id)) {
      this.carriedOut.push(command.name)
      this.told.set(command.id, this.verdict(command))
    }
    return { id: command.id, code: '', params: {}, ...this.told.get(command.id)! }
  }
}
