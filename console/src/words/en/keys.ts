export default {
  desk: {
    move: 'Move in the list of tasks',
    enter: 'Into the task',
    give: 'To the people it could go to; Enter gives it',
    unplaced: 'Only what nobody has',
    search: 'Search',
    day: 'In the bar of a day: a quarter of an hour',
    back: 'Back to the list',
  },
  roster: { move: 'Move in the week', open: 'Open the day', shift: 'New shift', swap: 'Swap', absence: 'Absence' },
  rounds: { move: 'Move in the list of runs', open: 'Open the run', part: 'Choose a part of the page' },
  hotline: { move: 'Move in the list', open: 'Open the call or case; its keys then say what it was', part: 'Choose a list', note: 'To the note', back: 'Back to the list' },
  calls: { ring: 'Ring the number, where this seat has a telephone', result: 'Result of the call', note: 'To the note' },
}
