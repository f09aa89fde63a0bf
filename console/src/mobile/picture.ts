/** A photograph as it leaves the phone: upright, at most 1600 pixels on a side, without a word of the camera, with time and signs drawn in. */
const LONGEST = 1600
const QUALITY = 0.82

export function sizeFor(width: number, height: number, longest = LONGEST): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height))
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
}

/** The file itself where the browser cannot draw it: the server looks at it then. */
export async function prepared(file: Blob, stamp: string): Promise<Blob> {
  try {
    return await drawn(file, stamp)
  } catch {
    return file
  }
}

async function drawn(file: Blob, stamp: string): Promise<Blob> {
  const picture = await decoded(file)
  const [width, height] = sizeFor(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser draws nothing')
  context.drawImage(picture, 0, 0, width, height)
  write(context, stamp, width, height)
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('not drawn'))), 'image/jpeg', QUALITY))
}

async function decoded(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
  if ('createImageBitmap' in window) {
    try {
      return await createImageBitmap(file, { imageOrientation: 'from-image' })
    } catch {
      // an older browser knows no options: an element does the same
    }
  }
  const image = new Image()
  image.src = URL.createObjectURL(file)
  try {
    await image.decode()
  } finally {
    URL.revokeObjectURL(image.src)
  }
  return image
}

function write(context: CanvasRenderingContext2D, stamp: string, width: number, height: number) {
  const size = Math.max(12, Math.round(width / 40))
  context.fillStyle = 'rgb(0 0 0 / 65%)'
  context.fillRect(0, height - size * 1.8, width, size * 1.8)
  context.fillStyle = '#fff'
  context.font = `600 ${size}px sans-serif`
  context.textBaseline = 'middle'
  context.fillText(stamp, size / 2, height - size * 0.9, width - size)
}
