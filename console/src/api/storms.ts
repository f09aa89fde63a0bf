/** Orders for all alarms of a storm. Each carries an id of its own, so that a repeat after a lost answer orders nothing twice. */
import { commandId, post } from './http'
import type { components } from './schema.gen'
import type { StormView } from './wire'

export type StormAction = components['schemas']['StormAction']
export type StormOrder = Pick<components['schemas']['StormOrderBody'], 'action'> & Partial<Omit<components['schemas']['StormOrderBody'], 'command_id'>>

/** It begins ten seconds later, unless it is taken back. */
export const order = (storm: string, body: StormOrder, id = commandId()) => post<StormView>(`/storms/${storm}/orders`, { command_id: id, ...body })
export const takeBack = (storm: string, order: string) => post<StormView>(`/storms/${storm}/orders/${order}/take-back`)
