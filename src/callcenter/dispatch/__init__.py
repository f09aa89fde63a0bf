"""Who goes there: staff on duty, tasks that are offered to them, and what becomes of each."""
