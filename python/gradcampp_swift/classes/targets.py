"""What can be explained: values for the argument `target`, beside a class index or a label.

A map shows the evidence for a score of the network's output, and a target says which score. A class
in a target is a class index, a label name or a Prediction, as in `Model.explain`. Targets are
values: they compare, hash and pickle by what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy.typing as npt

from ..errors import InvalidArgumentError
from .predictions import Prediction
from .target_parts import Class, Parts, checked_class, checked_weights, shown

if not TYPE_CHECKING:
    from ..values import dataclass
else:  # as whoever reads the code knows it, programs too
    from dataclasses import dataclass

__all__ = ["Difference", "Logit", "Mask", "Not", "Output", "Probability", "Target", "Value"]


@dataclass(frozen=True, repr=False)
class Logit:
    """A class's logit: what speaks for the class. A plain class means this.

    Parameters
    ----------
    of
        The class.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> gcpp.load("box").explain(gcpp.samples()[0], gcpp.targets.Logit("star")).target.label
    'star'
    """

    of: Class
    kind: ClassVar[str] = "logit"

    def __post_init__(self) -> None:
        """Bring the class to an index or a name."""
        object.__setattr__(self, "of", checked_class(self.of))

    def __repr__(self) -> str:
        return f"Logit({self.of!r})"

    def parts(self) -> Parts:
        """Take the target apart."""
        return Parts((self.of,))  # type: ignore[arg-type]  # an index or a name by now

    def title(self, classes: Sequence[str], others: Sequence[str]) -> str:
        """Say what is explained."""
        return classes[0]


@dataclass(frozen=True, repr=False)
class Not:
    """A class's logit times -1: what speaks against the class.

    Selvaraju et al. 2017, section 3.3, call the map a counterfactual explanation. Of a network with
    one sigmoid unit it is the evidence for the answer no.

    Parameters
    ----------
    of
        The class.
    """

    of: Class
    kind: ClassVar[str] = "not"

    def __post_init__(self) -> None:
        """Bring the class to an index or a name."""
        object.__setattr__(self, "of", checked_class(self.of))

    def __repr__(self) -> str:
        return f"Not({self.of!r})"

    def parts(self) -> Parts:
        """Take the target apart."""
        return Parts((self.of,))  # type: ignore[arg-type]  # an index or a name by now

    def title(self, classes: Sequence[str], others: Sequence[str]) -> str:
        """Say what is explained."""
        return f"not {classes[0]}"


@dataclass(frozen=True, repr=False)
class Difference:
    """Logits of some classes minus those of others: why these rather than those.

    Parameters
    ----------
    classes
        A class, or a sequence of them, that the target is for.
    others
        Likewise, that it is against. No class is named twice.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> gcpp.targets.Difference("arrow", ["star", 3])
    Difference('arrow', ('star', 3))
    """

    classes: Class | Sequence[Class]
    others: Class | Sequence[Class]
    kind: ClassVar[str] = "difference"

    def __post_init__(self) -> None:
        """Bring each side to a tuple of indices and names."""
        for name in ("classes", "others"):
            given = getattr(self, name)
            several = isinstance(given, Sequence) and not isinstance(given, (str, Prediction))
            side = tuple(map(checked_class, given if several else [given]))
            if not side:
                raise InvalidArgumentError(
                    f"{name} of a Difference are empty, expected one or more"
                )
            object.__setattr__(self, name, side)

    def __repr__(self) -> str:
        sides = (side if len(side) > 1 else side[0] for side in self.parts()[:2])
        return f"Difference({', '.join(map(repr, sides))})"

    def parts(self) -> Parts:
        """Take the target apart."""
        return Parts(self.classes, self.others)  # type: ignore[arg-type]  # tuples by now

    def title(self, classes: Sequence[str], others: Sequence[str]) -> str:
        """Say what is explained."""
        return f"{', '.join(classes)} rather than {', '.join(others)}"


@dataclass(frozen=True, repr=False)
class Probability:
    """A class's probability, with its exact derivative by all logits.

    What speaks for the class and against the others. Where the probability is near 1 the derivative
    nearly vanishes, and a map shows rounding: `Logit` and `Difference` do not have that.

    Parameters
    ----------
    of
        The class.
    """

    of: Class
    kind: ClassVar[str] = "probability"

    def __post_init__(self) -> None:
        """Bring the class to an index or a name."""
        object.__setattr__(self, "of", checked_class(self.of))

    def __repr__(self) -> str:
        return f"Probability({self.of!r})"

    def parts(self) -> Parts:
        """Take the target apart."""
        return Parts((self.of,))  # type: ignore[arg-type]  # an index or a name by now

    def title(self, classes: Sequence[str], others: Sequence[str]) -> str:
        """Say what is explained."""
        return f"probability of {classes[0]}"


@dataclass(frozen=True, repr=False, eq=False)
class Output:
    """Any weighted sum of the network's output (of classes: of their logits).

    Parameters
    ----------
    weights
        A finite number for each element of the output, not all 0, of the shape that
        `Model.output_shape` says. They are copied as float32.
    """

    weights: npt.ArrayLike
    kind: ClassVar[str] = "output"

    def __post_init__(self) -> None:
        """Copy the weights."""
        object.__setattr__(self, "weights", checked_weights(self.weights, "weights of an Output"))

    def __repr__(self) -> str:
        return f"Output({shown(self.parts().weights)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Output) and self.parts().key() == other.parts().key()

    def __hash__(self) -> int:
        return hash(self.parts().key())

    def __reduce__(self) -> tuple[Any, ...]:
        return Output, (self.weights,)

    def parts(self) -> Parts:
        """Take the target apart."""
        return Parts((), (), self.weights)  # type: ignore[arg-type]  # an array by now

    def title(self, classes: Sequence[str], others: Sequence[str]) -> str:
        """Say what is explained."""
        return "a weighted sum of the output"


@dataclass(frozen=True, repr=False, eq=False)
class Mask:
    """A class's logits in the cells of a mask, added up, of a network that ends with a map.

    Vinogradova et al. 2020, equation 2 (Seg-Grad-CAM).

    Parameters
    ----------
    of
        The class.
    mask
        A finite number for each cell of the output, (height, width), not all 0; or bools. They are
        copied as float32.
    """

    of: Class
    mask: npt.ArrayLike
    kind: ClassVar[str] = "mask"

    def __post_init__(self) -> None:
        """Bring the class to an index or a name, and copy the mask."""
        object.__setattr__(self, "of", checked_class(self.of))
        object.__setattr__(self, "mask", checked_weights(self.mask, "the mask of a Mask"))

    def __repr__(self) -> str:
        return f"Mask({self.of!r}, {shown(self.parts().weights)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mask) and self.parts().key() == other.parts().key()

    def __hash__(self) -> int:
        return hash(self.parts().key())

    def __reduce__(self) -> tuple[Any, ...]:
        return Mask, (self.of, self.mask)

    def parts(self) -> Parts:
        """Take the target apart."""
        return Parts((self.of,), (), self.mask)  # type: ignore[arg-type]  # likewise, an array

    def title(self, classes: Sequence[str], others: Sequence[str]) -> str:
        """Say what is explained."""
        return f"{classes[0]} over a mask"


Value: TypeAlias = Logit | Not | Difference | Probability | Output | Mask
"""A target as a value."""

Target: TypeAlias = "Class | Value"
"""What `Model.explain` takes for one target: a plain class means its `Logit`."""
