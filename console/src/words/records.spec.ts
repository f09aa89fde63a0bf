import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { ApiError } from '@/api/http'

import { i18n, setLanguage, type Language } from '.'
import { useWords } from './records'

function refusedIn(language: Language, error: unknown): string {
  setLanguage(language)
  let said = ''
  mount({ setup: () => () => (said = useWords().refusal(error)) }, { global: { plugins: [i18n] } })
  return said
}

const fields = [{ field: 'body.settings.hotline', reason: 'string_too_long', message: 'String should have at most 200 characters' }]

it.each([
  new ApiError(422, 'invalid', 'not accepted: body.settings.hotline: String should have at most 200 characters', { fields }),
  new ApiError(422, 'something_new', 'This is English for developers.'),
  new ApiError(500, 'internal', 'This is English for developers.'),
  new TypeError('This is English for developers.'),
])('never shows a Chinese reader the English of the server: %o', (error) => {
  const said = refusedIn('zh-CN', error)
  expect(said).toMatch(/\p{Script=Han}/u)
  expect(said).not.toMatch(/English|should/)
})

it('names the fields that were not accepted', () => {
  expect(refusedIn('en', new ApiError(422, 'invalid', '', { fields: [...fields, ...fields] }))).toBe('Not accepted, please correct: hotline')
})
