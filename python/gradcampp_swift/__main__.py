"""`python -m gradcampp_swift`."""

import sys

from .command import main

sys.exit(main(program="python -m gradcampp_swift"))
