import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/checklist', name: 'checklist', component: () => import('./ChecklistPage.vue'), meta: { nav: 'commissioning.nav', order: 0.5, action: 'manage_users' } },
]

export default routes
