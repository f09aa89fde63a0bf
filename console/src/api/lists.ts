/** Lists as files: all rows of a filter, made by the server, by right and in the audit trail. */
import { requestFile } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

interface Files {
  residents: Schemas['ResidentsFile']
  devices: Schemas['DevicesFile']
  incidents: Schemas['IncidentsFile']
  users: Schemas['UsersFile']
  audit: Schemas['AuditFile']
  calls: Schemas['CallsFile']
}

export type ListName = keyof Files
export type FileColumn<Name extends ListName> = Files[Name]['columns'][number]
/** As the list itself is asked; what is empty is not asked for. */
export type FileFilter<Name extends ListName> = { [Key in keyof NonNullable<Files[Name]['filter']>]?: unknown }

export const RIGHT_TO_FILE: Record<ListName, Schemas['Action']> = {
  residents: 'export_residents',
  devices: 'export_residents',
  incidents: 'export_incidents',
  users: 'manage_users',
  audit: 'read_audit',
  calls: 'export_incidents',
}

export interface FileOrder<Name extends ListName> {
  format: 'csv' | 'xlsx'
  lang: 'zh-CN' | 'en'
  columns: readonly FileColumn<Name>[]
  filter: FileFilter<Name>
}

export function makeFile<Name extends ListName>(list: Name, order: FileOrder<Name>): Promise<Blob> {
  const filter = Object.fromEntries(Object.entries(order.filter).filter(([, value]) => value !== '' && value !== null && value !== undefined))
  return requestFile(`/lists/${list}/file`, { ...order, filter })
}
