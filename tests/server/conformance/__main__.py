"""Prints the cases with a column for each server named on the command line as NAME=URL."""

import sys
from collections.abc import Sequence

from bench.measuring import markdown_table
from tests.server.conformance.asking import Subject
from tests.server.conformance.cases import CASES


def main(words: Sequence[str]) -> None:
    """Print the table."""
    names, urls = zip(*(word.split("=", 1) for word in words), strict=True)
    subjects = [Subject(url) for url in urls]
    faults = [[subject.fault(case) for subject in subjects] for case in CASES]
    rows = [
        [case.name, case.section, *(fault or "ok" for fault in row)] for case, row in zip(CASES, faults, strict=True)
    ]
    wrong = [str(sum(bool(row[at]) for row in faults)) for at in range(len(subjects))]
    print(markdown_table(["case", "section", *names], [*rows, [f"wrong of {len(CASES)}", "", *wrong]]))


if __name__ == "__main__":
    main(sys.argv[1:])
