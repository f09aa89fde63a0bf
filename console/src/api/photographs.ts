/** Photographs of entrances, of the way in and of homes. */
import { atServer, get, post, put, remove } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Photograph = Schemas['PhotographView']
export type PhotographKind = Schemas['PhotographKind']

export interface Place {
  kind: 'home' | 'building'
  id: number
}

/** What is written beside a picture. */
export interface Words {
  kind: PhotographKind
  entrance: string
  caption: string
  caption_en: string
  taken_on: string
}

/** As the server has it. */
export const KINDS_AT: Record<Place['kind'], readonly PhotographKind[]> = {
  building: ['front', 'entrance', 'way_in'],
  home: ['way_in', 'door', 'key_box', 'inside'],
}

const at = (place: Place, id?: number) => `/${place.kind}s/${place.id}/photographs${id === undefined ? '' : `/${id}`}`

/** `mark` makes another picture have another address. */
export const photographAddress = (place: Place, { id, mark }: Pick<Photograph, 'id' | 'mark'>) => atServer(`/api/v1${at(place, id)}?mark=${mark}`)
export const fetchPhotographs = (place: Place) => get<Photograph[]>(at(place))
export const addPhotograph = (place: Place, words: Words, file: Blob) => post<Photograph>(at(place), formOf(words, file))
export const changePhotograph = (place: Place, id: number, words: Words, file: Blob | null) => put<Photograph>(at(place, id), formOf(words, file))
export const removePhotograph = (place: Place, id: number) => remove<void>(at(place, id))

function formOf(words: Words, file: Blob | null): FormData {
  const form = new FormData()
  if (file) form.append('file', file, 'photograph')
  for (const [name, value] of Object.entries(words)) if (value) form.append(name, value)
  return form
}
