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
}
