"""Virtual devices for the demo and for load: clients of the real listeners, in a process of their own."""
