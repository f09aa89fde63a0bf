/** A drawing of each area for the rail: paths on a square of 24. */
import type { AreaName } from './pages'

export const AREA_SIGNS: Record<AreaName, string> = {
  seat: 'M4 13a8 8 0 0 1 16 0M4 13v4a2 2 0 0 0 2 2h1v-6H4zm16 0v4a2 2 0 0 1-2 2h-1v-6h3zM17 19c0 1.500-1.500 2-4 2',
  calls: 'M6 3h4l1.500 5-2.500 1.500a12 12 0 0 0 5.500 5.500L16 12.500l5 1.500v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z',
  dispatch: 'M3 12h13M11 6l6 6-6 6M20 5v14',
  services: 'M12 20s-8-5-8-11a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z',
  records: 'M5 3h11l3 3v15H5zM9 8h6M9 12h6M9 16h4',
  money: 'M4 6h16v12H4zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM7 9v.01M17 15v.01',
  figures: 'M4 20V4M4 20h16M8 20v-6M12 20V8M16 20v-9',
  manage: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
}
