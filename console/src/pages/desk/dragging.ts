/** What a dragged task is called in the clipboard of a drag. */
export const TASK_DRAGGED = 'application/x-callcenter-task'

/** Whether a task is what is being dragged; its id can be read only when it is dropped. */
export const dragsTask = (event: DragEvent) => event.dataTransfer?.types.includes(TASK_DRAGGED) ?? false
export const droppedTask = (event: DragEvent) => event.dataTransfer?.getData(TASK_DRAGGED) || null
