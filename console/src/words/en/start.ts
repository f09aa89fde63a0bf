export default {
  hello: 'Hello {name}',
  will: {
    responder: 'Your tasks will stand here: who needs help, where it is, how to get in, and what you report from there.',
    caregiver: 'Your visits of the day will stand here: where you are expected, when, and what is wished for.',
    volunteer: 'What your help is asked for will stand here, and the hours that you have given.',
    provider: 'Orders for your organisation will stand here, with who of your staff does them and what they come to.',
  },
  until_then: 'Until then the centre calls you or sends you a text message. There is nothing for you to do here.',
  no_role: 'Your log-in has no role yet, so there is no page for it. Whoever gave it to you can give you one.',
  ask: 'Whom to ask',
  hotline: 'hotline',
  administrator: 'Questions about your log-in or your role: the administrator who gave it to you.',
}
