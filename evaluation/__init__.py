"""How well maps of the network in the box show what they explain; writes docs/evaluation.md."""
