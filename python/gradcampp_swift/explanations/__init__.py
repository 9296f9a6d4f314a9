"""Explanations: what is asked of pictures, the answers, and how they are shown."""
