"""Weights: which file, its arrays, files of other programs, the network in the box."""
