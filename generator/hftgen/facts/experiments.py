"""The verdict of an A/B test: rules that compare the variants, for as long as the test stands in the spec.

Not an AnalysisRun and not an Experiment: both are objects that run once, and a test of weeks would not survive the
first change of its spec. Rules have no state but Prometheus' own, end with the test, and are read where alerts are.
"""

from textwrap import indent

from hftgen.facts.names import name_runbook
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.release import AbTest, Verdict

# A sample is one value of the query, taken so often.
SAMPLE_MINUTES = 1
# Samples may be missing: so many minutes are looked back over for each sample that is needed.
LOOK_BACK = (5, 4)

VARIANT = "{variant}"
VALUE = "hftgen:ab_test_value"
LEAD = "hftgen:ab_test_lead"


def describe_verdict(site: Site, name: str, release: AbTest, *, alerts: bool) -> Facts:
    """A group of rules: each version's value, each variant's lead over the service itself, and who is told."""
    variants = sorted(map(str, release.variants))
    rules = [_record_value(site, name, version, release.metric) for version in (name, *variants)]
    rules += [_record_lead(site, name, variant, release.metric) for variant in variants]
    if alerts:
        for variant in variants:
            rules += [_tell(site, name, variant, release.metric, won=won) for won in (True, False)]
    return {"name": f"{name}-ab-test", "interval": f"{SAMPLE_MINUTES}m", "rules": rules}


def count_window(metric: Verdict) -> int:
    """Minutes over which samples are compared."""
    many, few = LOOK_BACK
    return -(-metric.minSamples * SAMPLE_MINUTES * many // few)


def _label(site: Site, name: str, version: str) -> dict[str, str]:
    return {"namespace": site.namespace, "service": name, "variant": version}


def _select(site: Site, name: str, version: str) -> str:
    return ",".join(f'{key}="{value}"' for key, value in _label(site, name, version).items())


def _record_value(site: Site, name: str, version: str, metric: Verdict) -> Facts:
    return {
        "record": VALUE,
        "why": "One sample a minute; a comparison drops what is no number (0/0).",
        "expr": f"avg(\n{indent(metric.query.strip().replace(VARIANT, version), '  ')}\n) >= -Inf\n",
        "labels": _label(site, name, version),
    }


def _record_lead(site: Site, name: str, variant: str, metric: Verdict) -> Facts:
    mine, other = (f"{VALUE}{{{_select(site, name, version)}}}[{count_window(metric)}m]" for version in (variant, name))
    better, worse = (mine, other) if metric.better == "higher" else (other, mine)
    match = "on (namespace, service)"
    return {
        "record": LEAD,
        "why": f"Above zero the variant is better; there is none before each has {metric.minSamples} samples.",
        "expr": f"avg_over_time({better})\n- {match}\navg_over_time({worse})\n"
        f"and {match}\ncount_over_time({mine}) >= {metric.minSamples}\n"
        f"and {match}\ncount_over_time({other}) >= {metric.minSamples}\n",
        "labels": _label(site, name, variant),
    }


def _tell(site: Site, name: str, variant: str, metric: Verdict, *, won: bool) -> Facts:
    winner, loser = (variant, name) if won else (name, variant)
    return {
        "alert": "ABTestWon" if won else "ABTestNotWon",
        "expr": f"{LEAD}{{{_select(site, name, variant)}}} {'>' if won else '<='} 0\n",
        "labels": {"severity": "info", "service": name, "variant": variant},
        "annotations": {
            "summary": f"The A/B test of {name} has a verdict: {winner} is better than {loser}."
            if won
            else f"The A/B test of {name} has a verdict: {loser} is no better than {winner}.",
            "description": f"By {{{{ $value }}}}, {metric.better} being better, over at least {metric.minSamples} "
            "samples of each. Take the winner's image and another strategy.",
            "runbook": name_runbook(site.environment.environment, name),
        },
    }
