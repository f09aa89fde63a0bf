import { expect, it } from 'vitest'

import { collect } from './.'

function paths(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at]
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, at ? `${at}.${key}` : key))
}

function leaves(value: unknown, at = ''): [string, string][] {
  if (typeof value === 'string') return [[at, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, at ? `${at}.${key}` : key))
}

it('has every text in both languages', () => {
  expect(paths(collect('zh-CN')).sort()).toEqual(paths(collect('en')).sort())
})

it('uses the same parameters in both languages', () => {
  const parameters = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ')
  const english = new Map(leaves(collect('en')))
  for (const [key, text] of leaves(collect('zh-CN'))) expect(`${key} ${parameters(text)}`).toBe(`${key} ${parameters(english.get(key) ?? '')}`)
})

it('leaves no text empty', () => {
  for (const language of ['zh-CN', 'en'] as const)
    for (const [key, text] of leaves(collect(language))) expect(text.trim(), `${language} ${key}`).not.toBe('')
})
