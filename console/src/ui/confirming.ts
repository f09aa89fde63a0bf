/** What changes the rights of others asks for the own password again, where it was given long ago. */
import { shallowRef } from 'vue'

import { ApiError } from '@/api/http'

/** Whoever waits for the password; `PasswordAgain` asks for it. */
export const wanted = shallowRef<{ answer: (given: boolean) => void } | null>(null)

/** The work, again after the password was given; refused as it was where it is not given. */
export async function confirmed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'password_again' || !(await asked())) throw error
    return work()
  }
}

function asked(): Promise<boolean> {
  wanted.value?.answer(false)
  return new Promise((resolve) => {
    wanted.value = { answer: (given) => ((wanted.value = null), resolve(given)) }
  })
}
