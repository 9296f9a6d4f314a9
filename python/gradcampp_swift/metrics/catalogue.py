"""The metrics that `gradcampp evaluate` knows, in the order of their columns."""

from . import (
    confidence,
    deletion_insertion,
    energy,
    instances,
    loc_delta,
    map_box,
    pointing,
    randomisation,
)
from .metric import Metric

METRICS: tuple[Metric, ...] = (
    confidence.METRIC,
    loc_delta.METRIC,
    pointing.METRIC,
    instances.METRIC,
    energy.BOX_METRIC,
    energy.MASK_METRIC,
    map_box.METRIC,
    deletion_insertion.DELETION_METRIC,
    deletion_insertion.INSERTION_METRIC,
    randomisation.METRIC,
)
