/** A telephone's picture is ten times what a seat can show: it is drawn smaller before it is sent, which leaves out where it was taken. */

export const LONGEST_SIDE = 1_600
const QUALITY = 0.85
/** What is small already is sent as it is. */
const SMALL_BYTES = 600_000

/** Width and height that keep the shape. */
export function shrunkSize(width: number, height: number): [number, number] {
  const share = Math.min(1, LONGEST_SIDE / Math.max(width, height))
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))]
}

/** The file itself where the browser cannot draw it: the server says what is wrong with it. */
export async function shrunk(file: File): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const [width, height] = shrunkSize(bitmap.width, bitmap.height)
    if (width === bitmap.width && file.size <= SMALL_BYTES) return file
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0, width, height)
    bitmap.close()
    return await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/jpeg', QUALITY))
  } catch {
    return file
  }
}
