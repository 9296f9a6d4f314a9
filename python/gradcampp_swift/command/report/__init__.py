"""A page of a run's results, as `gradcampp report` makes it."""
