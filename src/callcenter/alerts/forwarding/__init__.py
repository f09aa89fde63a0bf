"""Which alarms go to other centres now, and what has become of those that went: beside the way of an alarm."""
