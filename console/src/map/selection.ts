/** The home whose profile is open, as the map wants to know it. */
export interface Selected {
  homeId: number | null
  buildingId: number | null
  entrance: string
  floor: number | null
  door: string
  lat: number | null
  lng: number | null
  address: string
  /** The incident that lies open: another one at the same home is a selection of its own. */
  incident: string
}

/** Another value is another thing to look at; empty while nothing is selected. */
export function subjectOf(selected: Selected | null): string {
  return selected ? JSON.stringify([selected.incident, selected.homeId]) : ''
}

/** Where it is, as far as that is known by now. */
export function placeOf(selected: Selected | null): string {
  return selected ? JSON.stringify([selected.buildingId, selected.entrance, selected.lat, selected.lng]) : ''
}
