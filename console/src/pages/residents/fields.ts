/** The fields of residents, homes and contacts, in the order of their forms. Pure. */
import type { Field } from '@/domain/form'

const note = (key: string): Field => ({ key, kind: 'note', english: true, wide: true })
const line = (key: string): Field => ({ key, kind: 'text', english: true })

export const STATUSES = ['home', 'away', 'hospital', 'moved', 'deceased'] as const

export const PERSON: readonly Field[] = [
  { key: 'name', kind: 'text', required: true },
  { key: 'name_latin', kind: 'text' },
  { key: 'sex', kind: 'choice', options: ['female', 'male'], nullable: true },
  { key: 'birth_date', kind: 'date', nullable: true },
  { key: 'identity_number', kind: 'text', nullable: true },
  { key: 'phone', kind: 'text', nullable: true },
  { key: 'second_phone', kind: 'text', nullable: true },
  { key: 'status', kind: 'choice', options: STATUSES, required: true, initial: 'home' },
  { key: 'language', kind: 'choice', options: ['zh-CN', 'en'], required: true, initial: 'zh-CN' },
]

export const CARE: readonly Field[] = [
  { key: 'risk', kind: 'choice', options: ['high', 'medium', 'low'], required: true, initial: 'low' },
  { key: 'living', kind: 'choice', options: ['alone', 'couple', 'alone_by_day', 'with_children', 'with_carer'], nullable: true },
  { key: 'ability', kind: 'choice', options: ['intact', 'mild', 'moderate', 'severe', 'total'], nullable: true },
  { key: 'disability', kind: 'choice', options: ['visual', 'hearing', 'speech', 'physical', 'intellectual', 'mental', 'multiple'], nullable: true },
  { key: 'disability_level', kind: 'choice', options: ['1', '2', '3', '4'] },
  { key: 'welfare', kind: 'choices', options: ['extreme_poverty', 'minimum_allowance', 'no_family', 'lost_only_child', 'preferential'], wide: true },
]

export const HEALTH: readonly Field[] = [
  { key: 'hazards', kind: 'lines' },
  { key: 'hazards_en', kind: 'lines' },
  note('health_note'),
  note('medicines'),
  note('allergies'),
  line('hospital'),
]

export const TALKING: readonly Field[] = [
  line('hearing'),
  line('dialect'),
  note('talk_note'),
  line('salutation'),
  { key: 'contact_policy', kind: 'choice', options: ['one_by_one', 'all_at_once'], nullable: true },
]

export const STANDING: readonly Field[] = [
  { key: 'employer', kind: 'text' },
  { key: 'retired_on', kind: 'date', nullable: true },
  { key: 'insurance_number', kind: 'text', nullable: true },
  { key: 'hukou_region_code', kind: 'text', nullable: true },
  { key: 'party_joined_on', kind: 'date', nullable: true },
  { key: 'lunar_birthday', kind: 'text' },
]

export const RESIDENT: readonly Field[] = [...PERSON, ...CARE, ...STANDING, ...HEALTH, ...TALKING]

export const HOME: readonly Field[] = [
  { key: 'address', kind: 'text', required: true, wide: true },
  { key: 'address_en', kind: 'text', wide: true },
  { key: 'entrance', kind: 'text' },
  { key: 'floor', kind: 'number', nullable: true },
  { key: 'door', kind: 'text' },
  note('access_note'),
  note('key_note'),
  { key: 'lat', kind: 'number', nullable: true },
  { key: 'lng', kind: 'number', nullable: true },
]

export const CONTACT: readonly Field[] = [
  { key: 'name', kind: 'text', required: true },
  { key: 'name_latin', kind: 'text' },
  { key: 'relation', kind: 'text' },
  { key: 'relation_en', kind: 'text' },
  { key: 'phone', kind: 'text', required: true },
  line('distance'),
  line('reachable'),
  { key: 'language', kind: 'choice', options: ['zh-CN', 'en'], required: true, initial: 'zh-CN' },
  { key: 'has_key', kind: 'yes' },
  { key: 'far_away', kind: 'yes' },
  { key: 'sms_consent', kind: 'yes', initial: true },
]
