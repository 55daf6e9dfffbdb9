"""`steadyhand attribution` answers in the shape scripts rely on."""

from __future__ import annotations

import json

TOUCHES = """user,time,channel,direct
1,2026-01-01 10:00:00,Email,false
1,2026-01-02 10:00:00,Search,false
1,2026-01-03 10:00:00,Direct,true
2,2026-01-01 10:00:00,Search,false
"""


def test_the_answer_has_every_model_and_report(steadyhand, tmp_path):
    touches, sales = tmp_path / "t.csv", tmp_path / "c.csv"
    touches.write_text(TOUCHES)
    sales.write_text("user,time,value\n1,2026-01-03 11:00:00,120.5\n9,2026-01-03 11:00:00,1\n")
    command = ("attribution", "--touchpoints", str(touches), "--conversions", str(sales))
    done = steadyhand(*command, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["models"]["last_non_direct"]["credit"] == {"Direct": 0, "Email": 0, "Search": 1}
    assert said["models"]["position"]["value"]["Email"] == 120.5 * 0.4
    assert said["paths"] == [{"path": ["Email", "Search", "Direct"], "conversions": 1, "value": 120.5}]
    assert said["unattributed"] == 1
    assert {"assisted", "length", "lag"} <= set(said)
    assert "1 conversions have no touch within the look-back" in done.stderr
