import { expect, it } from 'vitest'

import { TABLES, wordsOf, type Word } from './words'

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()

it.each(Object.keys(TABLES.en) as Word[])('says %s in both languages with the same holes', (word) => {
  expect(TABLES['zh-CN'][word]).toBeTruthy()
  expect(holes(TABLES.en[word])).toEqual(holes(TABLES['zh-CN'][word]))
})

it('has a word for a code it has never heard of, and leaves no hole open', () => {
  const { say, sayCode } = wordsOf('en')
  expect(sayCode('why_', 'some_new_code')).toContain('some_new_code')
  expect(sayCode('why_', 'given_to_another', { name: '刘师傅' })).toContain('刘师傅')
  expect(say('waiting')).not.toContain('{')
})
