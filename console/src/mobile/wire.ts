/** The addresses of the phone. Every call ends within a time; what is no answer at all is told apart from a refusal. */
import type { components } from '@/api/schema.gen'

type Schemas = components['schemas']
export type Job = Schemas['PhoneJobView']
export type Jobs = Schemas['PhoneJobsView']
export type Who = Schemas['PhoneOwnerView']
export type Hours = Schemas['PhoneHoursView']
export type Batch = Schemas['PhoneBatchView']
export type Answer = Schemas['PhoneAnswerView']
export type PhotoAnswer = Schemas['PhonePhotoView']
export type Time = Schemas['PhoneTimeView']

const BASE = '/api/v1/phone'
const PATIENCE_MS = 20_000

/** The server said no, and why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly params: Record<string, unknown> = {},
  ) {
    super(`${status} ${code}`)
  }
}

/** No line, no server, or none that answers now: the same again later. */
export class NoLine extends Error {}

const LATER = new Set([408, 425, 429, 500, 502, 503, 504, 507])

export async function call<T>(method: string, path: string, body?: unknown, patienceMs = PATIENCE_MS): Promise<T> {
  const isFile = body instanceof Blob
  const headers: Record<string, string> = body === undefined || isFile ? {} : { 'content-type': 'application/json' }
  const aborting = new AbortController()
  const timer = setTimeout(() => aborting.abort(), patienceMs)
  try {
    const answer = await fetch(BASE + path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      body: body === undefined ? null : isFile ? body : JSON.stringify(body),
      signal: aborting.signal,
    })
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
    throw await refusalOf(answer)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new NoLine(String(error))
  } finally {
    clearTimeout(timer)
  }
}

async function refusalOf(answer: Response): Promise<Refusal> {
  const said = (await answer.json().catch(() => null)) as { error?: { code?: string; params?: Record<string, unknown> } } | null
  return new Refusal(answer.status, said?.error?.code ?? 'refused', said?.error?.params)
}

/** Whether the same may be tried again by itself. */
export const isForLater = (error: unknown) => error instanceof NoLine || (error instanceof Refusal && LATER.has(error.status))
