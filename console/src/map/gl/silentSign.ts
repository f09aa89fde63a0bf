/** The mark of a home whose device is silent: a grey square with a bar, drawn without a picture file. Pure. */
const SIZE = 22
const DARK = [11, 14, 17, 255]
const GREY = [139, 150, 163, 255]

export function silentSign(): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(SIZE * SIZE * 4)
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const rim = x < 2 || y < 2 || x >= SIZE - 2 || y >= SIZE - 2
      const bar = y >= 9 && y < 13 && x >= 5 && x < 17
      data.set(rim || bar ? DARK : GREY, (y * SIZE + x) * 4)
    }
  }
  return { width: SIZE, height: SIZE, data }
}
