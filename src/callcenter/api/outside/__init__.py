"""The second listener: what phones and families reach from outside, and nothing else."""
