"""What becomes of those who were sent, on the timelines of their incidents."""
