/** Where the phone is, if it says so; only while the page is open, and only over TLS. */
export interface Fix {
  lat: number
  lng: number
  accuracy_m: number
}

export function whereNow(patienceMs: number, oldestMs = 30_000): Promise<Fix | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null)
    const timer = setTimeout(() => resolve(null), patienceMs + 500) // some in-app browsers never answer
    const told = (fix: Fix | null) => {
      clearTimeout(timer)
      resolve(fix)
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => told({ lat: coords.latitude, lng: coords.longitude, accuracy_m: coords.accuracy }),
      () => told(null),
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: oldestMs },
    )
  })
}
