/** A file on its way to the server, with how far it has come. */

import { ApiError } from '@/api/http'

export interface Upload {
  path: string
  file: File
  csrfToken: string
  /** 0 to 1 while the bytes travel; 1 while the server works. */
  onProgress: (part: number) => void
}

/** XMLHttpRequest, because fetch tells nothing about the way up. */
export function upload(order: Upload): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1${order.path}`)
    request.responseType = 'blob'
    request.setRequestHeader('X-CSRF-Token', order.csrfToken)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (event) => order.onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    request.upload.onload = () => order.onProgress(1)
    request.onerror = () => reject(new ApiError(0, 'unreachable', 'no answer'))
    request.onload = () => {
      const body = request.response as Blob
      if (request.status < 400) resolve(body)
      else void refusal(request.status, body).then(reject)
    }
    const form = new FormData()
    form.append('file', order.file)
    request.send(form)
  })
}

async function refusal(status: number, body: Blob): Promise<ApiError> {
  const said: unknown = JSON.parse((await body.text()) || 'null')
  const error = (said as { error?: { code?: string; message?: string; params?: Record<string, unknown> } } | null)?.error
  return new ApiError(status, error?.code ?? `http_${status}`, error?.message ?? '', error?.params)
}

/** Hands a file to the browser's downloads. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
