"""Pictures: read, saved and found in folders, and where in them lies what was seen."""
