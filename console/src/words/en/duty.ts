export default {
  state: { off: 'not on duty', ready: 'ready', busy: 'working', wrap_up: 'writing up', pause: 'pause' },
  pause: {
    take: 'Pause',
    resume: 'Ready again',
    is: 'Pause: {reason}',
    meal: 'meal',
    break: 'break',
    training: 'training',
    other: 'other',
  },
  shift: {
    from: 'Handed over by {name} at {time} ({n} to read)',
    read: 'Read and understood',
    ask: 'You are off duty. What must the next shift know?',
    hand_over: 'Hand over',
    nothing: 'Nothing to hand over',
    failed: 'That was not saved. Please try again.',
  },
  age: { late: 'waits long', overdue: 'late' },
  leave: {
    title: 'Alarms are still open',
    text: 'Alarms still open: {n}. Without you this seat no longer rings and no longer counts as manned; what lies with you goes back to the queue.',
    stay_duty: 'Stay on duty',
    go_duty: 'Go off duty all the same',
    stay_sign_out: 'Stay signed in',
    go_sign_out: 'Sign out all the same',
  },
}
