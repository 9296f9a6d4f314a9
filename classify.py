#!/usr/bin/env python3
"""Explain what a network sees in a picture: `python classify.py -f IMAGE`, `-h` for more."""

import sys

try:
    from gradcampp_swift.command import main
except ImportError as error:
    sys.exit(f"classify.py: {error}: run `pip install .` in the folder of classify.py first")

if __name__ == "__main__":
    sys.exit(main())
