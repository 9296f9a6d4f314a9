"""`python -m gradcampp_swift`."""

import sys

if __name__ == "__main__":
    try:
        from .command import main

        sys.exit(main(program="python -m gradcampp_swift"))
    except KeyboardInterrupt:  # while importing
        sys.exit(130)
