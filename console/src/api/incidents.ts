/** Commands on incidents. Each carries an id of its own, so that a repeat after a lost answer does nothing twice. */
import { ApiError, commandId, get, post, WAITS_FOR_DATABASE } from './http'
import type { components } from './schema.gen'
import type { IncidentDetail, IncidentView } from './wire'

type Schemas = components['schemas']
/** A body without its command's id, which is made here; what has a default may be left out. */
type Order<Body, Needed extends keyof Body> = Pick<Body, Needed> & Partial<Omit<Body, 'command_id'>>

export type StepKind = Schemas['Step']
export type StepResult = Schemas['StepResult']
export type Step = Order<Schemas['StepBody'], 'step' | 'result'>
export type Outcome = Schemas['Outcome']
export type Want = Schemas['Want']
export type WantedOrder = Order<Schemas['WantedBody'], 'wanted'>
export type Closing = Order<Schemas['CloseBody'], 'outcome'>

export type Called = Order<Schemas['CalledBody'], 'kind'>

export type DraftText = Schemas['DraftText']

const TRIES = 3

export const command = (id: string, action: string, body: object = {}) => insist(`/incidents/${id}/${action}`, { command_id: commandId(), ...body })

/** The same command again when no answer came: its id makes that safe. */
async function insist(path: string, payload: object): Promise<IncidentView> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await post<IncidentView>(path, payload)
    } catch (error) {
      const worthAnother = error instanceof ApiError && (error.status === 0 || error.status === 503) && error.code !== WAITS_FOR_DATABASE
      if (!worthAnother || attempt >= TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt))
    }
  }
}

/** Somebody calls for help without a device. The id is that of the form: sent again it opens nothing twice. */
export const openByHand = (id: string, told: Called) => insist('/incidents', { command_id: id, ...told })

export const fetchIncident = (id: string) => get<IncidentDetail>(`/incidents/${id}`)
export const take = (id: string) => command(id, 'take')
export const release = (id: string) => command(id, 'release')
/** Until whoever is followed is to be called again. */
export const follow = (id: string, minutes: number) => command(id, 'follow', { minutes })
export const resume = (id: string) => command(id, 'resume')
export const decline = (id: string) => command(id, 'decline')
export const offer = (id: string, userId: number) => command(id, 'offer', { to_user: userId })
/** By a supervisor, with the reason. */
export const reassign = (id: string, userId: number, reason: string) => command(id, 'reassign', { to_user: userId, reason })
export const note = (id: string, text: string) => command(id, 'note', { text })
export const assign = (id: string, residentId: number) => command(id, 'assign', { resident_id: residentId })
/** They were taken for somebody else. */
export const unassign = (id: string, reason: string) => command(id, 'unassign', { reason })
export const step = (id: string, body: Step) => command(id, 'steps', body)
export const tellNext = (id: string) => command(id, 'tell-next')
/** No contact is told by itself any more. */
export const stopTelling = (id: string) => command(id, 'stop-telling')
export const confirm = (id: string) => command(id, 'confirm')
/** What was shown as a test rings and texts. */
export const makeReal = (id: string) => command(id, 'make-real')
/** What somebody who asks for service wants. */
export const recordWanted = (id: string, body: WantedOrder) => command(id, 'wanted', body)
/** Whoever asked for service is in need: an alarm from here on. */
export const raise = (id: string) => command(id, 'raise')
export const close = (id: string, body: Closing) => command(id, 'close', body)

/** The texts that naming an unknown caller so would send at this moment. */
export const assignTexts = (id: string, residentId: number) => post<DraftText[]>(`/incidents/${id}/assign/preview`, { resident_id: residentId })
/** The corrections that taking it back would send at this moment. */
export const unassignTexts = (id: string) => post<DraftText[]>(`/incidents/${id}/unassign/preview`, {})
/** The texts that closing so would send at this moment, one for each number. */
export const closingTexts = (id: string, body: Closing) => post<DraftText[]>(`/incidents/${id}/close/preview`, body)
