"""Whether everything that must live does: what the watchdog says, and the table of checks with thresholds."""
