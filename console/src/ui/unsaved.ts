/** Pages that hold what is not saved: they are kept as they are while another page, or an alarm, is looked at. */
import { computed, onUnmounted, reactive, watch, type Ref } from 'vue'
import { useRoute } from 'vue-router'

/** Name of the component by the path of its page. */
const kept = reactive(new Map<string, string>())

export const keptComponents = computed(() => [...kept.values()])
export const isKept = (path: string) => kept.has(path)

/** `component`: the page's own name, which is its file's. */
export function useUnsaved(component: string, dirty: Readonly<Ref<boolean>>): void {
  const { path } = useRoute()
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()

  watch(dirty, (holds) => {
    if (holds) kept.set(path, component)
    else kept.delete(path)
    if (holds) addEventListener('beforeunload', ask)
    else removeEventListener('beforeunload', ask)
  }, { immediate: true })

  onUnmounted(() => {
    kept.delete(path)
    removeEventListener('beforeunload', ask)
  })
}
