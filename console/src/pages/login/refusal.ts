/** What a refused log-in is called on the screen. Pure. */
import { ApiError } from '@/api/http'

export interface Refusal {
  /** Key below `login.error`. */
  key: 'wrong' | 'wait' | 'unreachable' | 'unavailable' | 'too_old' | 'forbidden' | 'slip_refused' | 'slip_used' | 'slip_expired' | 'password_length' | 'password_weak' | 'other'
  /** Seconds until the next try is heard. */
  waitSeconds: number
}

const KEYS: Record<string, Refusal['key']> = {
  unauthenticated: 'wrong',
  wrong_credentials: 'wrong',
  invalid: 'wrong',
  too_many_attempts: 'wait',
  unreachable: 'unreachable',
  unavailable: 'unavailable',
  log_ins_too_old: 'too_old',
  forbidden: 'forbidden',
  slip_refused: 'slip_refused',
  slip_used: 'slip_used',
  slip_expired: 'slip_expired',
  password_length: 'password_length',
  password_weak: 'password_weak',
}

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return { key: 'other', waitSeconds: 0 }
  const key = KEYS[error.code] ?? (error.status === 401 ? 'wrong' : error.status >= 500 ? 'unavailable' : 'other')
  const wait = Number(error.params.retry_after_s)
  return { key, waitSeconds: key === 'wait' && Number.isFinite(wait) ? Math.max(1, Math.ceil(wait)) : 0 }
}
