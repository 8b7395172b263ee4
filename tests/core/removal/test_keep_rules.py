"""Keep rules: each leaves its ties to the next, and the path decides in the end."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.errors import UsageError
from catalog_tui.core.removal.keep_rules import RULE_NAMES, Neighbours, choose_keeper, parse_rule, parse_rules
from catalog_tui.core.scan.outcome import DuplicateFile
from tests.trees import make_archive


def file(path: str, mtime_ns: int = 0) -> DuplicateFile:
    return DuplicateFile(path, 1, hash(path), mtime_ns, 0)


def kept(files: list[DuplicateFile], *rules: str, archive: Path = Path("/nowhere")) -> str:
    return choose_keeper(files, parse_rules(rules), Neighbours(str(archive))).path


@pytest.mark.parametrize(
    ("rules", "keeper"),
    [
        (["newest"], "site/b/long name.jpg"),
        (["oldest"], "site/a/x.jpg"),
        (["shortest-path"], "site/a/x.jpg"),
        (["longest-path"], "other/deep/down/x.jpg"),
        (["shortest-name"], "other/deep/down/x.jpg"),  # a tie with site/a/x.jpg, decided by the path
        (["longest-name"], "site/b/long name.jpg"),
        (["prefer:site", "newest"], "site/b/long name.jpg"),
        (["prefer:site/a"], "site/a/x.jpg"),
        (["avoid:site", "oldest"], "other/deep/down/x.jpg"),
        (["prefer:*/x.jpg", "newest"], "other/deep/down/x.jpg"),
        (["avoid:site/a,avoid:other", "oldest"], "site/b/long name.jpg"),
        (["prefer:nothing/here", "oldest"], "site/a/x.jpg"),
        ([], "other/deep/down/x.jpg"),
    ],
)
def test_each_rule_keeps_what_it_says(rules: list[str], keeper: str) -> None:
    files = [file("site/a/x.jpg", 1), file("site/b/long name.jpg", 3), file("other/deep/down/x.jpg", 2)]
    assert kept(files, *rules) == keeper
    assert kept(files[::-1], *rules) == keeper


def test_a_folder_is_preferred_whole_and_not_by_its_first_letters() -> None:
    assert kept([file("site/ab/x.jpg"), file("site/b/x.jpg")], "avoid:site/a", "shortest-path") == "site/b/x.jpg"


def test_neighbours_count_where_a_rule_asks(tmp_path: Path) -> None:
    make_archive(
        tmp_path,
        {"s/a/x.jpg": 1, "s/a/y.jpg": 1, "s/a/z.jpg": 1, "s/b/x.jpg": 1, "s/b/x.jpg.json": 1, "s/b/x.txt": 1},
    )
    files = [file("s/a/x.jpg"), file("s/b/x.jpg")]
    assert kept(files, "most-side-files", archive=tmp_path) == "s/b/x.jpg"
    (tmp_path / "s/a/w.jpg").touch()
    assert kept(files, "largest-folder", archive=tmp_path) == "s/a/x.jpg"
    assert kept(files, "largest-folder") == "s/a/x.jpg"  # nothing can be read: the path decides


@pytest.mark.parametrize("text", ["", "newst", "newest:x", "prefer", "prefer:", "prefer:/", "NEWEST"])
def test_what_is_no_rule_is_said_with_those_there_are(text: str) -> None:
    with pytest.raises(UsageError, match="there are: newest, oldest"):
        parse_rule(text)


PATHS = st.lists(
    st.tuples(st.text("ab/\udcff", min_size=1, max_size=6), st.integers(0, 2)),
    min_size=1,
    max_size=6,
    unique_by=lambda pair: pair[0],
)
RULES = st.lists(st.sampled_from([name for name in RULE_NAMES if name not in ("prefer", "avoid")] + ["prefer:a*"]))


@given(PATHS, RULES, st.randoms())
def test_the_choice_depends_on_the_files_and_not_on_their_order(
    pairs: list[tuple[str, int]], rules: list[str], random: Random
) -> None:
    files = [file(path, mtime) for path, mtime in pairs]
    keeper = kept(files, *rules)
    random.shuffle(files)
    assert kept(files, *rules) == keeper
    for rule in rules[:1]:
        rank, beside = parse_rule(rule).rank, Neighbours("/nowhere")
        best = min(rank(each, beside) for each in files)
        assert any(each.path == keeper and rank(each, beside) == best for each in files)
