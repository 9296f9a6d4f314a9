"""What holds for the whole process: threads and versions."""

from .. import _core
from ..errors import InvalidArgumentError, WrongTypeError


def set_num_threads(n: int) -> None:
    """Set how many threads one call uses; results do not depend on it.

    Parameters
    ----------
    n
        1 or more; more than the processors given to the process are not used. 0 restores the
        default: $GRADCAMPP_NUM_THREADS, else the number of those processors.

    Raises
    ------
    InvalidArgumentError, WrongTypeError
        `n` is negative or no integer.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> gcpp.set_num_threads(1)  # a call stays in the thread that makes it
    >>> gcpp.set_num_threads(0)
    """
    if isinstance(n, bool) or not hasattr(type(n), "__index__"):
        raise WrongTypeError(f"n is {n!r}, expected an integer")
    count = n.__index__()
    if count < 0:
        raise InvalidArgumentError(f"n is {count}, expected 0 or more")
    _core.set_threads(min(count, 1 << 16))


def show_versions() -> None:
    """Print what a bug report should say."""
    import platform

    import numpy
    import PIL

    for name, value in {
        "gradcampp_swift": _core.version(),
        "kernels": _core.kernels(),
        "threads": _core.threads(),
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "pillow": PIL.__version__,
        "platform": platform.platform(),
    }.items():
        print(f"{name}: {value}")
