/** Where the skip link of the shell leads: a page with something long before its subject says so while it shows it. */
import { ref } from 'vue'

/** Id of the element to go to; null while there is nothing to skip to. */
export const skipTarget = ref<string | null>(null)

/** Somebody who still needs somebody lies open there: whoever else waits stands in the queue beside it, and needs no strip. */
export const workLiesOpen = ref(false)
