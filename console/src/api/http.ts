/** Typed fetch: JSON both ways, the CSRF header on every unsafe method, and errors as codes that the screen translates. */

/** What the server says about a refusal; `code` is `unreachable` when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly params: Record<string, unknown> = {},
    /** Seconds, where the server has named them (`Retry-After`). */
    readonly retryAfterS: number | null = null,
  ) {
    super(message)
  }
}

/** Of records and administration, which restart on their own, and of the database below them. Alarms wait for neither. */
const AWAY: ReadonlySet<string> = new Set(['office_away', 'database_unavailable', 'database_busy', 'database_away'])

/** Whoever asks again is answered in a while. */
export function isAway(error: unknown): boolean {
  return error instanceof ApiError && error.status === 503 && AWAY.has(error.code)
}

/** A command that needs more than the server has in memory: it is refused for as long as the database does not answer. */
export const WAITS_FOR_DATABASE = 'waits_for_database'

const SHORTEST_WAIT_MS = 500
const USUAL_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 15_000

/** When to ask again, in milliseconds. */
export function retryAfterMs(error: unknown): number {
  const named = error instanceof ApiError && error.retryAfterS !== null ? error.retryAfterS * 1_000 : USUAL_WAIT_MS
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, named))
}

type Asked = string | number | boolean
export type Query = Record<string, Asked | readonly Asked[] | null | undefined>

let csrfToken = ''
/** The server that the live line goes to, where it is not the one that this page came from. */
let elsewhere = ''
let onSignedOut: () => void = () => undefined

export function setCsrfToken(token: string): void {
  csrfToken = token
}

/** Everything is asked of this server from now on. */
export function goOnAt(server: string): void {
  elsewhere = server === location.origin ? '' : server
}

/** A path of the API as an address at the server that is asked now. */
export const atServer = (path: string) => `${elsewhere}${path}`

/** Called when the server says that nobody is logged in. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback
}

const WAIT_MS = 15_000
/** A wrong password, or a wrong code of a slip: whoever is logged in stays so. */
const WRONG_TRIES: ReadonlySet<string> = new Set(['login_failed', 'slip_refused', 'slip_used', 'slip_expired'])
let holder = new AbortController()

/** Whoever asked has left this page: no answer that is on its way may reach it. */
export function dropRequests(): void {
  holder.abort()
  holder = new AbortController()
}

export async function request<T>(method: string, path: string, body?: unknown, query?: Query): Promise<T> {
  const answer = await answered(method, path, body, query, body instanceof FormData)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** What is made on the server and takes its time. */
export async function requestFile(path: string, body: unknown): Promise<Blob> {
  return (await answered('POST', path, body, undefined, true)).blob()
}

async function answered(method: string, path: string, body: unknown, query: Query | undefined, patient: boolean): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken
  const form = body instanceof FormData
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json'
  const payload = body === undefined ? null : form ? body : JSON.stringify(body)
  const answer = await send(address(path, query), { method, headers, body: payload, credentials: elsewhere ? 'include' : 'same-origin' }, patient)
  if (!answer.ok) throw await refusal(answer)
  return answer
}

export const get = <T>(path: string, query?: Query) => request<T>('GET', path, undefined, query)
/** Reads a list. Words that are searched for travel in the body, because addresses stand in the logs of proxies. */
export const lookUp = <T>(path: string, query: Query & { q: string }) =>
  query.q ? request<T>('POST', `${path}/search`, Object.fromEntries(given(query))) : get<T>(path, query)
export const post = <T>(path: string, body?: unknown, query?: Query) => request<T>('POST', path, body, query)
export const put = <T>(path: string, body?: unknown) => request<T>('PUT', path, body)
export const patch = <T>(path: string, body?: unknown) => request<T>('PATCH', path, body)
export const remove = <T>(path: string) => request<T>('DELETE', path)

function address(path: string, query?: Query): string {
  const asked = given(query)
  if (!asked.length) return atServer(`/api/v1${path}`)
  const pairs = asked.flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((each) => [key, String(each)]))
  return atServer(`/api/v1${path}?${new URLSearchParams(pairs)}`)
}

function given(query?: Query) {
  const says = (value: unknown) => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)
  return Object.entries(query ?? {}).filter(([, value]) => says(value))
}

async function send(url: string, init: RequestInit, patient: boolean): Promise<Response> {
  const asked = holder.signal
  const signal = patient ? asked : eitherOf(asked, AbortSignal.timeout(WAIT_MS))
  try {
    return await fetch(url, { ...init, signal })
  } catch (error) {
    if (asked.aborted) throw new ApiError(-1, 'dropped', 'somebody else holds this page')
    throw new ApiError(0, 'unreachable', error instanceof Error ? error.message : 'no answer')
  }
}

/** A browser that is too old to join signals still gives up in time. */
function eitherOf(asked: AbortSignal, timeout: AbortSignal): AbortSignal {
  return 'any' in AbortSignal ? AbortSignal.any([asked, timeout]) : timeout
}

async function refusal(answer: Response): Promise<ApiError> {
  const said: unknown = await answer.json().catch(() => null)
  const error = (said as { error?: { code?: string; message?: string; params?: Record<string, unknown> } } | null)?.error
  if (answer.status === 401 && !WRONG_TRIES.has(error?.code ?? '')) onSignedOut()
  return new ApiError(answer.status, error?.code ?? `http_${answer.status}`, error?.message ?? answer.statusText, error?.params, secondsOf(answer.headers.get('Retry-After')))
}

/** Seconds; the other form of the header, a date, is not used here. */
export function secondsOf(header: string | null): number | null {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null
}

/** UUIDv7 from `crypto.getRandomValues`, because `randomUUID` needs a secure context. `now` in milliseconds. */
export function commandId(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  let left = now
  for (let index = 5; index >= 0; index--) {
    bytes[index] = left % 256
    left = Math.floor(left / 256)
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
