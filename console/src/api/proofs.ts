/** Proofs of operation: asked for by day, worked out beside, kept. */
import { commandId, get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type ProofHead = Schemas['ProofRunView']
export type Proof = Schemas['ProofReport']
export type ProofLine = Schemas['ProvedLine']

export const fetchProofs = () => get<ProofHead[]>('/proofs')
export const fetchProof = (id: string, lang: string) => get<Proof>(`/proofs/${id}`, { lang })
export const askForProof = (regionId: number, fromDay: string, toDay: string) =>
  post<ProofHead>('/proofs', { id: commandId(), region_id: regionId, from_day: fromDay, to_day: toDay })
export const proofPage = (id: string, lang: string) => `/api/v1/proofs/${id}/page?lang=${encodeURIComponent(lang)}`
