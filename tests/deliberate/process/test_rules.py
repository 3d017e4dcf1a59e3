"""What a protocol may say: numbers and dates that a calendar can reckon with."""

import json
from typing import Any

import pytest

from deliberate.process.rules import protocol_faults

SOUND: dict[str, Any] = {
    "time_zone": "Europe/Brussels",
    "registration": {},
    "phases": [{"kind": "open", "round": 1, "opens": None, "closes": None}],
    "panel": {"size": 12, "alternates": 4, "panels": 100},
    "rules": {
        name: {"method": "yes-no", "threshold": "3/4", "denominator": "present", "quorum": "2/3"}
        for name in ("amendment", "version")
    },
    "contest_days": 7,
    "retention_months": 24,
}


def with_change(path: str, value: Any) -> dict[str, Any]:
    protocol = json.loads(json.dumps(SOUND))
    *parents, last = path.split(".")
    part = protocol
    for name in parents:
        part = part[int(name)] if isinstance(part, list) else part[name]
    part[last] = value
    return dict(protocol)


def test_a_sound_protocol_has_no_fault() -> None:
    assert protocol_faults(SOUND) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("panel.size", 10**30),
        ("panel.alternates", -1),
        ("contest_days", 10**30),
        ("contest_days", -3),
        ("retention_months", 10**9),
        ("registration.opens", "0001-01-01"),
        ("phases.0.closes", "9999-12-31"),
    ],
)
def test_what_no_calendar_reckons_with_is_a_fault_beside_its_field(path: str, value: Any) -> None:
    faults = protocol_faults(with_change(path, value))
    assert [fault.field for fault in faults] == [path]


@pytest.mark.parametrize("share", ["1e9999999", "9" * 4000, "²/³", "3/0"])
def test_a_threshold_that_is_no_share_is_a_fault_and_is_not_computed(share: str) -> None:
    faults = protocol_faults(with_change("rules.amendment.threshold", share))
    assert [fault.field for fault in faults] == ["rules.amendment.threshold"]
