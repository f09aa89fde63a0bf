/** Devices, where they stand, what they have sent, and the sources and gateways behind them. */
import { get, lookUp, patch, post } from './http'
import type { Device, Devices } from './records'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Standing = Schemas['Standing']
export type Frame = Schemas['FrameView']
export type Frames = Schemas['FramesView']
export type Stranger = Schemas['StrangerView']
export type Replaced = Schemas['Replaced']
export type Source = Schemas['SourceView']
export type Secrets = Schemas['SecretsView']
export type Gateways = Schemas['GatewaysView']
export type Jobs = Schemas['JobsView']

export interface Asked {
  q: string
  region_id?: number | null
  kind?: string
  standing?: string
  after?: string | null
  limit?: number
}

export const findDevices = (asked: Asked) => lookUp<Devices>('/devices', { people: true, ...asked })
export const fetchDevice = (id: number) => get<Device>(`/devices/${id}`)
export const addDevice = (body: Partial<Schemas['DeviceBody']>) => post<Device>('/devices', body)
export const changeDevice = (device: Device, changes: Partial<Schemas['DeviceChanges']>) => patch<Device>(`/devices/${device.id}`, { version: device.version, ...changes })
export const attachDevice = (device: Device, homeId: number, residentId: number | null) => post<Device>(`/devices/${device.id}/assignments`, { home_id: homeId, resident_id: residentId })
export const takeOff = (device: Device) => post<Device>(`/devices/${device.id}/release`, {})
export const issueDevice = (device: Device, receivedBy: string) => post<Device>(`/devices/${device.id}/issue`, { version: device.version, received_by: receivedBy })
export const returnDevice = (device: Device, fault: string) => post<Device>(`/devices/${device.id}/return`, { version: device.version, fault })
export const replaceDevice = (device: Device, by: number, fault: string) => post<Replaced>(`/devices/${device.id}/replacement`, { version: device.version, device_id: by, fault })
export const fetchFrames = (id: number, since?: string) => get<Frames>(`/devices/${id}/frames`, { since })
export const tickOff = (id: number) => post<Device>(`/devices/${id}/tried`)
/** Of the staff whom somebody may give a device to carry. */
export const fetchCarriers = () => get<Schemas['StaffView'][]>('/staff', { limit: 500 })
export const fetchStrangers = () => get<Stranger[]>('/strangers')

export const fetchSources = () => get<Source[]>('/sources')
export const addSource = (name: string, regionId: number) => post<Secrets>('/sources', { name, region_id: regionId })
export const renewSource = (source: Source, overlapHours: number, evenSo: boolean) => post<Secrets>(`/sources/${source.id}/renewal`, { version: source.version, overlap_h: overlapHours, even_so: evenSo })
export const switchSource = (source: Source, active: boolean, evenSo: boolean) => patch<Source>(`/sources/${source.id}`, { version: source.version, active, even_so: evenSo })

export const fetchGateways = () => get<Gateways>('/gateways')
export const fetchJobs = () => get<Jobs>('/jobs')
