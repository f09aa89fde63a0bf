import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { defineComponent } from 'vue'

import { ApiError } from '@/api/http'
import type { Device } from '@/api/records'
import { show } from '@/testing/pages'

import { useDeviceWords } from './devices'

const device = { assignments: [], fault: '', issue: null } as unknown as Device
const serving = { ...device, assignments: [{}] } as Device

function words() {
  setActivePinia(createPinia())
  let found: ReturnType<typeof useDeviceWords> | undefined
  show(defineComponent({ setup: () => ((found = useDeviceWords()), () => null) }), 'en')
  return found!
}

describe('devices in words', () => {
  it.each([
    ['stock', device],
    ['issued', { ...device, issue: {} } as Device],
    ['faulty', { ...device, issue: {}, fault: 'key' } as Device],
    ['attached', { ...serving, fault: 'key' }],
  ] as const)('has one that is %s', (standing, found) => {
    expect(words().standing(found)).toBe(standing)
  })

  it('says why something about devices is refused, and of the rest what every page says', () => {
    const { refusal } = words()
    expect(refusal(new ApiError(409, 'source_serves', '', { serving: 7 }))).toContain('7 devices')
    expect(refusal(new ApiError(409, 'unheard_of', ''))).not.toContain('devices.error')
  })
})
