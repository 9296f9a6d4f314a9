"""Explanations of a whole folder, as `gradcampp run` writes them."""
