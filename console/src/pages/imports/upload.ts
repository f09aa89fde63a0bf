/** A file on its way to the server, with how far it has come. */

import { ApiError, secondsOf } from '@/api/http'

export interface Upload {
  path: string
  file: File
  csrfToken: string
  /** 0 to 1 while the bytes travel; 1 while the server works. */
  onProgress: (part: number) => void
}

/** XMLHttpRequest, because fetch tells nothing about the way up. */
export function upload(order: Upload): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1${order.path}`)
    request.setRequestHeader('X-CSRF-Token', order.csrfToken)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (event) => order.onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    request.upload.onload = () => order.onProgress(1)
    request.onerror = () => reject(new ApiError(0, 'unreachable', 'no answer'))
    request.onload = () => {
      const said = parsed(request.responseText)
      if (request.status < 400) resolve(said)
      else reject(refusal(request.status, said, secondsOf(request.getResponseHeader('Retry-After'))))
    }
    const form = new FormData()
    form.append('file', order.file)
    request.send(form)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // not from our server: the status says enough
  }
}

function refusal(status: number, said: unknown, retryAfterS: number | null): ApiError {
  const error = (said as { error?: { code?: string; message?: string; params?: Record<string, unknown> } } | null)?.error
  return new ApiError(status, error?.code ?? `http_${status}`, error?.message ?? '', error?.params, retryAfterS)
}
