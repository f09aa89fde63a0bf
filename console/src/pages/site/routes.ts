import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [{ path: '/site', name: 'site', component: () => import('./SitePage.vue'), meta: { nav: 'site.nav', action: 'manage_users' } }]

export default routes
