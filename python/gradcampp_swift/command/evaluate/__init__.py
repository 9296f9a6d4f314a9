"""Metrics for a folder of pictures: what the command `gradcampp evaluate` does."""
