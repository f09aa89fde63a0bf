/** What can be asked for, in the order in which it usually is. */
import type { Want } from '@/api/incidents'

export const WANTS: readonly Want[] = ['housekeeping', 'meal', 'repair', 'medicine', 'errand', 'chat', 'other']
