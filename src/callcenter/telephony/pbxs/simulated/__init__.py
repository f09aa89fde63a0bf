"""An exchange in memory for the demo: everything but sound."""
