"""The yardstick: the bare pipeline and ours, interleaved, in one run."""
