"""The numbers as tables, in Markdown, which a terminal shows as well."""

from collections.abc import Mapping, Sequence

from tests.bench.contest import BARE, COLD, COPY, KAPITAN, NONE, Growth, Score

GOALS = [
    (f"{KAPITAN} / {COLD}", KAPITAN, COLD, "at least", 15.0),
    (f"{KAPITAN} / {NONE}", KAPITAN, NONE, "at least", 100.0),
    (f"{COLD} / {COPY}", COLD, COPY, "at most", 8.0),
    (f"{NONE} / {BARE}", NONE, BARE, "at most", 1.5),
]


def tabulate(scores: Mapping[str, Score]) -> str:
    """One row a contender, each against hftgen cold."""
    base = scores[COLD].seconds
    rows = [
        (
            name,
            f"{score.seconds * 1000:,.0f}",
            f"{score.best * 1000:,.0f} to {score.worst * 1000:,.0f}",
            f"{score.seconds / base:.2f}",
            f"{score.processor * 1000:,.0f}",
            f"{score.memory / 2**20:,.0f}",
        )
        for name, score in scores.items()
    ]
    return tabulate_rows(
        ("", "median, ms", "range, ms", "against hftgen cold", "processors, ms", "peak memory, MiB"), rows
    )


def judge(scores: Mapping[str, Score]) -> str:
    """The ratios that were asked for."""
    rows = []
    for label, above, below, side, goal in GOALS:
        ratio = scores[above].seconds / scores[below].seconds
        kept = ratio >= goal if side == "at least" else ratio <= goal
        rows.append((label, f"{ratio:.1f}", f"{side} {goal:g}", "yes" if kept else "no"))
    return tabulate_rows(("ratio", "measured", "wanted", "kept"), rows)


def tabulate_growth(rows: Sequence[Growth]) -> str:
    """Milliseconds, all and for each environment."""
    cells = [
        (
            str(row.environments),
            f"{row.cold * 1000:,.0f}",
            f"{row.cold * 1000 / row.environments:.1f}",
            f"{row.cold_processor * 1000 / row.environments:.1f}",
            f"{row.nothing * 1000:,.0f}",
            f"{row.nothing * 1000 / row.environments:.2f}",
            f"{row.copy * 1000:,.0f}",
        )
        for row in rows
    ]
    heads = (
        "environments",
        "cold, ms",
        "for each",
        "processors, for each",
        "nothing changed, ms",
        "for each",
        "cp -r, ms",
    )
    return tabulate_rows(heads, cells)


def tabulate_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the first column is text, the others numbers."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    texts = [
        "| " + " | ".join(_pad(cell, widths[column], left=column == 0) for column, cell in enumerate(line)) + " |"
        for line in lines
    ]
    rule = "| " + " | ".join(
        "-" * width if column == 0 else "-" * (width - 1) + ":" for column, width in enumerate(widths)
    )
    return "\n".join([texts[0], rule + " |", *texts[1:]])


def _pad(cell: str, width: int, *, left: bool) -> str:
    return cell.ljust(width) if left else cell.rjust(width)
