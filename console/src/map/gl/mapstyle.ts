/** The look of the 3D map. No `glyphs` address: every label is drawn by the browser from its own fonts. Pure. */

import type { ExpressionSpecification, FilterSpecification, StyleSpecification } from 'maplibre-gl'

import type { Building, HomeDot, RegionMap } from '@/api/places'
import type { Language } from '@/words'

import { COLOURS } from '../colours'
import type { ActiveDot } from '../dots'
import { heightOf, southOf, splitBuilding } from '../geometry'
import type { Selected } from '../selection'

export const FONTS = ['Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', 'sans-serif']

/** Layers whose text follows the language. */
export const LABEL_LAYERS = ['road-label', 'area-label', 'building-label'] as const

const none = { type: 'FeatureCollection' as const, features: [] }

export function labelText(language: Language): ExpressionSpecification {
  return ['coalesce', ['get', language === 'en' ? 'name_en' : 'name'], ['get', 'name'], '']
}

function is(...kinds: string[]): FilterSpecification {
  return ['in', ['get', 'kind'], ['literal', kinds]]
}

/** Metres on the ground as pixels: 0.137 px a metre at zoom 13 and 40 degrees of latitude, doubling with each zoom. */
function metres(value: ExpressionSpecification | number, factor = 1): ExpressionSpecification {
  return ['interpolate', ['exponential', 2], ['zoom'], 13, ['*', value, 0.137 * factor], 20, ['*', value, 17.5 * factor]]
}

function fill(id: string, kind: string, colour: string) {
  return { id, type: 'fill' as const, source: 'base', filter: is(kind), paint: { 'fill-color': colour } }
}

function road(id: string, colour: string, factor: number) {
  return {
    id,
    type: 'line' as const,
    source: 'base',
    filter: is('road', 'path'),
    layout: { 'line-cap': 'round' as const, 'line-join': 'round' as const },
    paint: { 'line-color': colour, 'line-width': metres(['number', ['get', 'width'], 6], factor) },
  }
}

function slab(part: 'body' | 'floor' | 'unit', opacity: number) {
  return {
    id: `lit-${part}`,
    type: 'fill-extrusion' as const,
    source: 'lit',
    filter: ['==', ['get', 'part'], part] as FilterSpecification,
    paint: {
      'fill-extrusion-color': COLOURS[part],
      'fill-extrusion-base': ['get', 'base'] as ExpressionSpecification,
      'fill-extrusion-height': ['get', 'top'] as ExpressionSpecification,
      'fill-extrusion-opacity': opacity,
    },
  }
}

/** In which language, and how large beside what is usual. */
interface Written {
  language: Language
  enlarged: number
}

function label(id: string, source: string, { language, enlarged }: Written, size: number, colour: string) {
  return {
    id,
    type: 'symbol' as const,
    source,
    layout: { 'text-field': labelText(language), 'text-font': FONTS, 'text-size': size * enlarged },
    paint: { 'text-color': colour, 'text-halo-color': COLOURS.halo, 'text-halo-width': 1.8 },
  }
}

function buildingLabel(written: Written) {
  const below = label('building-label', 'names', written, 13, COLOURS.label)
  return { ...below, layout: { ...below.layout, 'text-anchor': 'top' as const, 'text-offset': [0, 0.2] as [number, number] } }
}

export function styleOf(language: Language, enlarged = 1): StyleSpecification {
  const written = { language, enlarged }
  const roadLabel = label('road-label', 'base', written, 12, COLOURS.roadLabel)
  return {
    version: 8,
    light: { anchor: 'viewport', intensity: 0.42, position: [1.2, 210, 35] },
    sources: {
      base: { type: 'geojson', data: none },
      buildings: { type: 'geojson', data: none, promoteId: 'id' },
      names: { type: 'geojson', data: none },
      lit: { type: 'geojson', data: none },
      calm: { type: 'geojson', data: none },
      silent: { type: 'geojson', data: none },
      crowd: { type: 'geojson', data: none },
    },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': COLOURS.paper } },
      fill('ground', 'ground', COLOURS.ground),
      fill('court', 'court', COLOURS.court),
      fill('green', 'green', COLOURS.green),
      fill('water', 'water', COLOURS.water),
      road('road-edge', COLOURS.roadEdge, 1.22),
      road('road', COLOURS.road, 1),
      {
        id: 'tree', type: 'circle', source: 'base', filter: is('tree'),
        paint: { 'circle-color': COLOURS.tree, 'circle-opacity': 0.75, 'circle-radius': metres(2.2), 'circle-pitch-alignment': 'map' },
      },
      { ...roadLabel, filter: is('road'), layout: { ...roadLabel.layout, 'symbol-placement': 'line' } },
      {
        id: 'building', type: 'fill-extrusion', source: 'buildings',
        paint: { 'fill-extrusion-color': COLOURS.building, 'fill-extrusion-height': ['get', 'height'], 'fill-extrusion-opacity': 0.92 },
      },
      {
        id: 'station', type: 'fill-extrusion', source: 'base', filter: is('station'),
        paint: { 'fill-extrusion-color': COLOURS.station, 'fill-extrusion-height': ['number', ['get', 'height'], 6], 'fill-extrusion-opacity': 0.9 },
      },
      slab('body', 0.5),
      slab('floor', 0.95),
      slab('unit', 1),
      { ...label('area-label', 'base', written, 12, COLOURS.areaLabel), filter: is('green', 'water', 'court') },
      {
        id: 'calm', type: 'circle', source: 'calm',
        paint: { 'circle-radius': dotRadius(enlarged), 'circle-color': COLOURS.calm, 'circle-stroke-color': COLOURS.dotEdge, 'circle-stroke-width': 1.4 },
      },
      { id: 'silent', type: 'symbol', source: 'silent', layout: { 'icon-image': 'silent', 'icon-size': enlarged, 'icon-allow-overlap': true } },
      crowd(enlarged),
      buildingLabel(written),
    ],
  }
}

/** Alarms beyond those that are buttons, in the shapes of `dots.css`: full waiting, ringed taken, hollow following. */
function crowd(enlarged: number) {
  const byState = <T>(waiting: T, taken: T, following: T) => ['match', ['get', 'state'], 'waiting', waiting, 'taken', taken, following] as unknown as ExpressionSpecification
  return {
    id: 'crowd',
    type: 'circle' as const,
    source: 'crowd',
    paint: {
      'circle-radius': byState(9 * enlarged, 6 * enlarged, 7 * enlarged),
      'circle-color': byState<string>(COLOURS.waiting, COLOURS.paper, COLOURS.paper),
      'circle-stroke-color': byState<string>('#ffffff', COLOURS.unit, COLOURS.following),
      'circle-stroke-width': byState(2, 5, 3),
    },
  }
}

function dotRadius(enlarged: number): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], 13, 2.5 * enlarged, 16, 5 * enlarged, 18, 7 * enlarged]
}

type Features = GeoJSON.FeatureCollection
type Position = number[]

function collection(features: GeoJSON.Feature[]): Features {
  return { type: 'FeatureCollection', features }
}

/** Buildings drawn by the basemap as well are left out of it: the register of buildings is the one with floors. */
export function baseFeatures(map: RegionMap): Features {
  const features = map.basemap?.features ?? []
  return collection(features.filter((f) => f.properties?.kind !== 'building') as unknown as GeoJSON.Feature[])
}

export function buildingFeatures(buildings: readonly Building[], without: number | null): Features {
  return collection(
    buildings
      .filter((b) => b.id !== without && b.footprint.length >= 3)
      .map((b) => ({
        type: 'Feature',
        properties: { id: b.id, height: heightOf(b) },
        geometry: { type: 'Polygon', coordinates: [b.footprint as unknown as Position[]] },
      })),
  )
}

export function nameFeatures(buildings: readonly Building[]): Features {
  return collection(
    buildings.map((b) => ({
      type: 'Feature',
      properties: { name: b.name, name_en: b.name_en },
      geometry: { type: 'Point', coordinates: southOf(b.footprint) as unknown as Position },
    })),
  )
}

export function slabFeatures(building: Building | null, selected: Selected | null): Features {
  if (!building || !selected) return collection([])
  return collection(
    splitBuilding(building, selected.entrance, selected.floor).map(({ part, ring, base, top }) => ({
      type: 'Feature',
      properties: { part, base, top },
      geometry: { type: 'Polygon', coordinates: [ring as unknown as Position[]] },
    })),
  )
}

export function crowdFeatures(dots: readonly ActiveDot[]): Features {
  return collection(
    dots.map((dot) => ({
      type: 'Feature',
      properties: { home: dot.homeId, label: dot.label, state: dot.state },
      geometry: { type: 'Point', coordinates: [dot.position[0], dot.position[1]] },
    })),
  )
}

export function dotFeatures(dots: readonly HomeDot[]): Features {
  return collection(
    dots.map((dot) => ({
      type: 'Feature',
      properties: { home: dot.home_id, label: dot.label },
      geometry: { type: 'Point', coordinates: [dot.lng, dot.lat] },
    })),
  )
}
