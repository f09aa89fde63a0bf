/** Entry of the phone's page: plain Vue, nothing else. */
import { createApp } from 'vue'

import '@/ui/tokens.css'
import './mobile.css'
import { CONTEXT, createContext } from './context'
import { createField } from './field'
import MobileApp from './MobileApp.vue'
import { openShelf } from './shelf'
import { call } from './wire'

async function start() {
  const field = createField(await openShelf(), call)
  await field.load()
  createApp(MobileApp).provide(CONTEXT, createContext(field)).mount('#app')
}

void start()
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/m-sw.js', { scope: '/m.html' }).catch(() => undefined)
