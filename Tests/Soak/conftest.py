"""Long runs share the small networks of the tests of Python."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "Python"))
