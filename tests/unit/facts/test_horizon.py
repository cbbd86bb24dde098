"""The alert before the calendar data of the freezes ends."""

from datetime import UTC, datetime
from typing import Any

import promql_parser
import pytest

from hftgen.facts.parts import collect
from hftgen.facts.record import Record
from tests.unit.facts.sites import make_site
from tests.unit.facts.test_alerts import WATCHED

HORIZON = {"start": "2026-01-01", "end": "2028-12-31"}


def _list_rules(calendars: list[str], service: dict[str, Any], **sections: Any) -> list[Record]:
    gitops = {
        "repoURL": "https://git.example.com/shop/config.git",
        "freeze": {"calendars": calendars, "before": "2h", "horizon": HORIZON},
    }
    records = collect(make_site({"app": service}, gitops=gitops, **{**WATCHED, **sections}))["platform"]
    return [record for record in records if record["kind"] == "PrometheusRule"]


def test_it_fires_before_the_horizon_ends() -> None:
    """Prometheus compares its own clock with a moment ninety days before; the name is nobody else's."""
    (record,) = _list_rules(["XNYS"], {})
    (rule,) = record["groups"][0]["rules"]
    assert record["name"] == "platform"
    assert rule["expr"] == f"vector(time()) > {int(datetime(2028, 10, 2, tzinfo=UTC).timestamp())}"
    promql_parser.parse(rule["expr"])
    assert "2028-12-31" in rule["annotations"]["summary"]


@pytest.mark.parametrize(
    ("calendars", "service", "sections", "count"),
    [
        ([], {"freeze": {"calendars": ["XLON"]}}, {}, 1),
        ([], {}, {}, 0),
        (["XNYS"], {}, {"addons": {}}, 0),
        (["XNYS"], {}, {"observability": {}}, 0),
    ],
)
def test_where_it_is(calendars: list[str], service: dict[str, Any], sections: dict[str, Any], count: int) -> None:
    """Where anything freezes, an operator reads rules, and somebody is to be told of anything."""
    assert len(_list_rules(calendars, service, **sections)) == count
