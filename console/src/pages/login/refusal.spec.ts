import { expect, it } from 'vitest'

import { ApiError } from '@/api/http'

import { refusalOf } from './refusal'

it.each([
  [401, 'unauthenticated', 'wrong'],
  [401, 'something_new', 'wrong'],
  [403, 'forbidden', 'forbidden'],
  [503, 'unavailable', 'unavailable'],
  [500, 'http_500', 'unavailable'],
  [0, 'unreachable', 'unreachable'],
  [418, 'teapot', 'other'],
])('calls %i %s "%s"', (status, code, key) => {
  expect(refusalOf(new ApiError(status, code, ''))).toEqual({ key, waitSeconds: 0 })
})

it('says how many whole seconds to wait', () => {
  expect(refusalOf(new ApiError(429, 'too_many_attempts', '', { retry_after_s: 7.2 }))).toEqual({ key: 'wait', waitSeconds: 8 })
  expect(refusalOf(new ApiError(429, 'too_many_attempts', '')).waitSeconds).toBe(0)
})

it('does not take a mistake of its own for a wrong password', () => {
  expect(refusalOf(new TypeError('x')).key).toBe('other')
})
