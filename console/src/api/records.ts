/** Short names for the generated types of residents, homes, contacts, devices and regions. */
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type ResidentLine = Schemas['ResidentLine']
export type Resident = Schemas['ResidentView']
export type Contact = Schemas['ContactView']
export type Home = Schemas['HomeView']
export type Device = Schemas['DeviceView']
export type Region = Schemas['RegionView']
export type Building = Schemas['BuildingView']
export type Residents = Schemas['Page_ResidentLine_']
export type Homes = Schemas['Page_HomeView_']
export type Devices = Schemas['Page_DeviceView_']
export type Identity = Schemas['IdentityView']
export type ImportReport = Schemas['ImportReport']
export type ImportProgress = Schemas['ImportProgress']
export type ImportReason = Schemas['Reason']

/** One thing wrong with one field, worded by the server in both languages. */
export type Problem = Schemas['Reason']
