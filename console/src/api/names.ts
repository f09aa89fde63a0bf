/** How names are read in Latin letters. */
import { post } from './http'

export const readNames = (names: readonly string[]) => post<Record<string, string>>('/names/latin', { names })
