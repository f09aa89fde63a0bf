import { describe, expect, it } from 'vitest'

import { eachInAFreshBrowser, logIn, me } from '@/testing/pages'

import { chosen, readChoice, useColumns, type Column } from './columns'

interface Person { name: string }
const title = () => 'title'
const all: Column<Person, 'name' | 'phone' | 'age'>[] = [
  { name: 'name', title },
  { name: 'phone', title },
  { name: 'age', title, spare: true },
  { name: 'steps', title, onScreen: true },
]
const names = (columns: readonly { name: string }[]) => columns.map(({ name }) => name)

describe('the columns of a table', () => {
  eachInAFreshBrowser()

  it('are those that are not spare, until somebody chooses', () => {
    expect(names(chosen(all as never, {}))).toEqual(['name', 'phone', 'steps'])
    expect(names(chosen(all as never, { phone: false, age: true }))).toEqual(['name', 'age', 'steps'])
  })

  it('always have the one that says what a row is', () => expect(names(chosen(all as never, { name: false }))).toContain('name'))

  it('are found again by the same person on the same page, and by nobody else', async () => {
    const first = useColumns<Person, 'name' | 'phone' | 'age'>('people', all)
    first.toggle('phone')
    first.toggle('age')
    expect(names(useColumns('people', all).shown.value)).toEqual(['name', 'age', 'steps'])
    expect(names(useColumns('others', all).shown.value)).toEqual(['name', 'phone', 'steps'])
    await logIn({ user: { ...me().user, id: 2 } })
    expect(names(useColumns('people', all).shown.value)).toEqual(['name', 'phone', 'steps'])
  })

  it('go into a file without what is for the screen alone', () => expect(useColumns('untouched', all).inFile.value).toEqual(['name', 'phone']))

  it.each([null, 'nonsense', '7', 'null', '{"phone":"no"}'])('do not trip over %s in a browser', (kept) => expect(readChoice(kept)).toEqual({}))
})
