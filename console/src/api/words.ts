/** The words that an import understands. */
import { get, post, remove } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type KnownWord = Schemas['WordView']
export type WordBody = Schemas['WordBody']
export type WordSubject = WordBody['subject']

export const fetchWords = () => get<KnownWord[]>('/residents/import/words')
export const addWord = (body: WordBody) => post<KnownWord>('/residents/import/words', body)
export const removeWord = (id: number) => remove<void>(`/residents/import/words/${id}`)

/** What a word may mean, by what it says something of. */
export const MEANINGS: Readonly<Record<WordSubject, readonly string[]>> = {
  welfare: ['extreme_poverty', 'minimum_allowance', 'no_family', 'lost_only_child', 'preferential'],
  living: ['alone', 'couple', 'alone_by_day', 'with_children', 'with_carer'],
  ability: ['intact', 'mild', 'moderate', 'severe', 'total'],
  status: ['home', 'away', 'hospital', 'moved', 'deceased'],
  risk: ['high', 'medium', 'low'],
  note: [''],
}
