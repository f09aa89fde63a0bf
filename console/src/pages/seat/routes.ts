import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'seat', component: () => import('./SeatPage.vue'), meta: { nav: 'seat.nav', order: 1, action: 'see_incidents', queue: true } },
]

export default routes
