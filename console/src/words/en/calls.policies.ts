export default {
  policies: {
    title: 'How calls are made',
    lead: 'By region and kind of list. It holds for calls that become due, and from the next report on for those that are.',
    people: { pauses: 'Minutes until the second try, the third and so on', horizon: 'Too late after (minutes)' },
    devices: { pauses: 'Hours until the second try, the third and so on', horizon: 'Too late after (days)' },
    after: { silent_device: 'Silent after so many missed life signs', idle_device: 'Not used for so many days' },
    field: { pauses_min: 'pauses (minutes)', horizon_min: 'too late after (minutes)', after: 'threshold' },
    error: {
      bounds: 'Must be between {least} and {most}.',
      pauses: 'From {least} to {most} pauses, parted by commas.',
      not_of_this_kind: 'This kind of list has none.',
    },
  },
}
