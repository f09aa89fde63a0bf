/** Devices in words, and what is refused about them. */
import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/http'
import type { Device } from '@/api/records'

import { useWording } from './wording'

export function useDeviceWords() {
  const wording = useWording()
  const { te } = useI18n()
  const { t, day, clock } = wording

  /** Where it belongs at this moment. */
  function standing(device: Device): 'attached' | 'faulty' | 'issued' | 'stock' {
    if (device.assignments.length) return 'attached'
    if (device.fault) return 'faulty'
    return device.issue ? 'issued' : 'stock'
  }

  function refusal(error: unknown): string {
    const known = error instanceof ApiError && ERRORS.includes(error.code)
    return known ? t(`devices.error.${error.code}`, { n: Number(error.params.serving ?? 0) }) : wording.refusal(error)
  }

  const kindName = (kind: string) => t(`residents.device.${kind}`)
  const moment = (at: string) => `${day(at)} ${clock(at)}`
  return { ...wording, te, standing, refusal, kindName, moment }
}

const ERRORS: readonly string[] = [
  'changed_meanwhile', 'device_exists', 'device_faulty', 'device_key', 'issued_already', 'not_in_test', 'nothing_came', 'same_device', 'serves_already', 'serves_home', 'serves_nobody',
  'source_exists', 'source_kind', 'source_of_a_listener', 'source_serves', 'still_overlapping', 'unknown_source',
]
