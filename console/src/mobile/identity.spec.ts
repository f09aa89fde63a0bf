import { expect, it } from 'vitest'

import { deviceName, newId } from './identity'

it('makes ids as RFC 9562 has them, without the one call that wants TLS', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(Array.from({ length: 100 }, newId)).size).toBe(100)
})

it('calls the phone by its model', () => {
  expect(deviceName('Mozilla/5.0 (Linux; Android 14; V2307A) AppleWebKit/537.36')).toBe('Android 14 V2307A')
  expect(deviceName('curl')).toBe('curl')
})
