"""Two removals of one archive at one time, as two processes: one waits its turn or is refused, and nothing is lost."""

import json
import subprocess
from pathlib import Path

from catalog_tui.core.removal.plan import plan_to_json
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import contents, plan_of, tree
from tests.core.removal.sweep import COMMAND
from tests.trees import make_archive
from tests.waiting import PATIENCE_S

COUNT = 200


def test_two_plans_that_want_each_others_keepers_leave_one_of_each(tmp_path: Path) -> None:
    root = make_archive(
        tmp_path / "archive",
        {f"s/{model}/{number}.jpg": b"%d" % number for model in "ab" for number in range(COUNT)},
    )
    before, there = tree(root), contents(root)
    commands = []
    for victim, keeper in ("ab", "ba"):
        plan = plan_of(root, *((f"s/{victim}/{number}.jpg", f"s/{keeper}/{number}.jpg") for number in range(COUNT)))
        file = tmp_path / f"{victim}.json"
        file.write_text(json.dumps(plan_to_json(plan)))
        commands.append([*COMMAND, "dedupe", "--plan", str(file), "--apply", "--format", "json"])
    running = [subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for argv in commands]
    ended = [(*process.communicate(timeout=PATIENCE_S), process.returncode) for process in running]
    for _said, words, code in ended:
        assert code == 0 or (code == 1 and "another program is removing" in words) or (code == 3 and "is gone" in words)
    assert sorted(code for _said, _words, code in ended)[0] == 0
    assert {seen.content for seen in tree(root).values() if not isinstance(seen, str)} == there - {b""}
    undo(str(root), 2)
    assert tree(root) == before
