"""What would happen if an alarm rang now: the ladder of the escalation, walked before anybody needs it."""
