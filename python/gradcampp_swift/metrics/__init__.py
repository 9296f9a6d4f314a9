"""Metrics of explanation maps: plain functions of NumPy arrays, each with its source.

`gradcampp evaluate` computes them for a folder of pictures. A map without evidence, all zero, has
a defined value everywhere; nothing here returns NaN.

>>> from gradcampp_swift import metrics
>>> metrics.average_drop([0.5, 0.5], [0.375, 0.75])
12.5
"""

from ..pictures.connected_components import components
from ..pictures.geometry import Box
from .blur import gaussian_blur
from .bootstrap import Interval, mean_interval, paired_difference
from .catalogue import METRICS
from .confidence import (
    Wins,
    average_drop,
    drop_percent,
    explanation_map,
    increase_in_confidence,
    win_percent,
)
from .deletion_insertion import Curve, deletion, insertion
from .energy import energy_inside
from .instances import instances_found
from .loc_delta import localisation
from .map_box import best_box, bounding_box, intersection_over_union
from .metric import Case, Column, Metric, Score, Truth
from .pointing import pointing_game
from .randomisation import cascade, redrawn
from .scoring import ProbabilityScore
from .similarity import rank_correlation, structural_similarity

__all__ = [
    "METRICS",
    "Box",
    "Case",
    "Column",
    "Curve",
    "Interval",
    "Metric",
    "ProbabilityScore",
    "Score",
    "Truth",
    "Wins",
    "average_drop",
    "best_box",
    "bounding_box",
    "cascade",
    "components",
    "deletion",
    "drop_percent",
    "energy_inside",
    "explanation_map",
    "gaussian_blur",
    "increase_in_confidence",
    "insertion",
    "instances_found",
    "intersection_over_union",
    "localisation",
    "mean_interval",
    "paired_difference",
    "pointing_game",
    "rank_correlation",
    "redrawn",
    "structural_similarity",
    "win_percent",
]
