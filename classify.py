#!/usr/bin/env python3
"""Explain what a network sees in a picture: `python classify.py -f IMAGE`, `-h` for more."""

import sys


def _run() -> object:
    """Return what to exit with; what fails while importing is said in one line."""
    try:
        from gradcampp_swift.command import main
    except KeyboardInterrupt:
        return 130
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError) and error.name == "gradcampp_swift":
            return (
                f"classify.py: gradcampp_swift is not installed for {sys.executable}: run "
                "`pip install .` in the folder of classify.py, or after `make demo` use "
                ".venv/bin/python"
            )
        return f"classify.py: {' '.join(str(error).split())}"
    return main()


if __name__ == "__main__":
    sys.exit(_run())
