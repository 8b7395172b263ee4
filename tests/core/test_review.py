"""What the user decides about duplicates, without a screen."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.removal.keep_rules import KeepRule, parse_rules
from catalog_tui.core.review import Group, Review, Weighing
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup

folders = st.sampled_from(["a/one", "a/two", "b/one"])
dates = st.integers(0, 3)
rules = st.lists(st.sampled_from(["newest", "oldest", "shortest-name", "prefer:a", "avoid:a/one"]), max_size=3)


def make_groups(spec: Sequence[Sequence[tuple[str, int]]]) -> list[Group]:
    groups = []
    for number, files in enumerate(spec):
        members = [
            DuplicateFile(f"{folder}/{number}-{at}.jpg", 1, 100 * number + at, date, date)
            for at, (folder, date) in enumerate(files)
        ]
        groups.append((DuplicateGroup(number, f"{number:032x}", 10 + number, len(members), ""), members))
    return groups


@given(
    st.lists(st.lists(st.tuples(folders, dates), min_size=2, max_size=4), max_size=6).map(make_groups),
    rules.map(parse_rules),
    st.sets(st.integers(0, 5)),
)
def test_rules_do_what_was_said_that_they_would(
    groups: list[Group], rules: tuple[KeepRule, ...], apart: set[int]
) -> None:
    kept_apart = [(group.size, group.hash) for group, _files in groups if group.id in apart]
    review = Review("/archive", kept_apart, ["b"])
    weighing = [Weighing(), *review.weigh(groups, rules)][-1]
    assert not review.decided()
    review.apply_rules(groups, rules)
    totals = review.totals()
    assert (weighing.groups, weighing.files, weighing.bytes) == (totals.groups, totals.files, totals.bytes)
    assert weighing.groups + weighing.whole == len(groups)


def test_groups_in_which_the_rules_cannot_tell_are_counted() -> None:
    groups = make_groups([[("a/one", 1), ("a/two", 1)], [("a/one", 1), ("a/two", 2)]])
    *_, weighing = Review("/archive").weigh(groups, parse_rules(["newest"]))
    assert weighing == Weighing(groups=2, files=2, bytes=21, by_path=1, whole=0)
