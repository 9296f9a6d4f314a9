"""Classes: their labels, the network's opinion of them, and which one is asked about."""
