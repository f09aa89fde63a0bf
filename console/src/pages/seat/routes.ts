import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'seat', component: () => import('./SeatPage.vue'), meta: { nav: 'seat.nav', action: 'see_incidents', queue: true } },
]

export default routes
