"""The chart of medians, docs/images/benchmarks.svg."""

from .files import CHART
from .suites import OURS, Result
from .timing import merged

CHARTED = ("forward", "gradcampp", "guided")


def draw(results: list[Result]) -> None:
    """Draw one group of bars for each suite that has other engines in it."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.size": 9})
    from matplotlib import pyplot

    shown = [result for result in results if result.suite.key in CHARTED]
    heights = [len(result.comparisons) + 1.5 for result in shown]
    figure, axes = pyplot.subplots(
        len(shown), figsize=(8, 0.3 * sum(heights) + 1), height_ratios=heights, squeeze=False
    )
    for axis, result in zip(axes.flat, shown, strict=True):
        times = [merged(result.comparisons)]
        times += [each.other for each in result.comparisons if each.other.turns]
        times.sort(key=lambda each: each.median)
        milliseconds = [each.median * 1e3 for each in times]
        colors = ["#c2410c" if each.name.startswith(OURS) else "#94a3b8" for each in times]
        bars = axis.barh([each.name for each in times], milliseconds, color=colors, height=0.7)
        axis.bar_label(bars, fmt="%.0f ms", padding=3)
        axis.set_title(result.suite.title, loc="left", fontsize=10)
        axis.invert_yaxis()
        axis.margins(x=0.12)
        axis.spines[["top", "right", "bottom"]].set_visible(False)
        axis.xaxis.set_visible(False)
        axis.tick_params(left=False)
    figure.tight_layout()
    CHART.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(CHART, facecolor="white", metadata={"Date": None})
