import { flushPromises } from '@vue/test-utils'
import type { Map as GlMap } from 'maplibre-gl'
import { afterEach, expect, it, vi } from 'vitest'

import type { MapPicture } from '@/api/places'

import { layPicture } from './picture'

/** As much of a map as pictures need. */
class Ground {
  readonly sources = new Map<string, Record<string, unknown>>()
  readonly layers = new Map<string, string | undefined>()
  getLayer = (id: string) => this.layers.has(id)
  getSource = (id: string) => this.sources.get(id)
  removeLayer = (id: string) => void this.layers.delete(id)
  removeSource = (id: string) => void this.sources.delete(id)
  addSource = (id: string, source: Record<string, unknown>) => void this.sources.set(id, source)
  addLayer = ({ id }: { id: string }, below?: string) => void this.layers.set(id, below)
  get map() {
    return this as unknown as GlMap
  }
}

const picture: MapPicture = { region_id: 3, mark: 'ab', width: 1000, height: 800, opacity: 0.5, corners: [[104, 40], [104.01, 40], [104.01, 39.99], [104, 39.99]] }
const wide: MapPicture = { ...picture, mark: 'cd', width: 10_000, height: 400 }

afterEach(() => vi.unstubAllGlobals())

function drawable() {
  vi.stubGlobal('Image', class { src = ''; decode = async () => undefined })
  HTMLCanvasElement.prototype.getContext = (() => ({ drawImage: () => undefined })) as never
}

it('lies under the roads, and is taken away or replaced', () => {
  const ground = new Ground()
  layPicture(ground.map, picture, 8_192)
  expect(ground.sources.get('picture')).toMatchObject({ type: 'image', url: '/api/v1/regions/3/picture?mark=ab', coordinates: picture.corners })
  expect(ground.layers.get('picture')).toBe('road-edge')
  layPicture(ground.map, null, 8_192)
  expect([ground.sources.size, ground.layers.size]).toEqual([0, 0])
})

it('is drawn smaller where the card takes no picture of that size in one piece', async () => {
  drawable()
  const ground = new Ground()
  layPicture(ground.map, wide, 8_192)
  await vi.waitFor(() => expect(ground.sources.get('picture')).toMatchObject({ type: 'canvas', coordinates: wide.corners }))
  const { width, height } = ground.sources.get('picture')!.canvas as HTMLCanvasElement
  expect([width, height]).toEqual([8_192, 327])
})

it('is not laid once another is wanted', async () => {
  drawable()
  const ground = new Ground()
  layPicture(ground.map, wide, 8_192)
  layPicture(ground.map, null, 8_192)
  await flushPromises()
  expect(ground.sources.size).toBe(0)
})
