"""Other duplicate finders, read-only, and what they say: groups of paths, as bytes, in a form that can be compared."""

import base64
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Groups = list[list[bytes]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, its arguments before the root, how its answer is read, and the file of that when not its output."""

    label: str
    argv: tuple[str, ...]
    groups: Callable[[bytes], Groups]
    answer_file: str | None = None


def jdupes_groups(output: bytes) -> Groups:
    """Of `jdupes -0`: every name ends with a NUL, every group with one more."""
    return [group.strip(b"\0").split(b"\0") for group in output.split(b"\0\0") if group.strip(b"\0")]


def fdupes_groups(output: bytes) -> Groups:
    """Of plain fdupes: a name a line, an empty line after each group; a name with a newline cannot be told apart."""
    return [group.split(b"\n") for group in output.strip(b"\n").split(b"\n\n") if group]


def rdfind_groups(output: bytes) -> Groups:
    """Of rdfind's results file: eight columns, the name last; the first of each group is marked."""
    groups: Groups = []
    for line in output.splitlines():
        if line.startswith(b"#"):
            continue
        kind, *_, name = line.split(b" ", 7)
        if kind == b"DUPTYPE_FIRST_OCCURRENCE":
            groups.append([])
        groups[-1].append(name)
    return groups


def rmlint_groups(output: bytes) -> Groups:
    """Of rmlint's JSON, which is neither UTF-8 nor strict where names are not; a group starts at its original."""
    groups: Groups = []
    for entry in json.loads(output.decode("utf-8", "surrogateescape"), strict=False):
        if entry.get("type") == "duplicate_file":
            if entry["is_original"]:
                groups.append([])
            groups[-1].append(os.fsencode(entry["path"]))
    return groups


def our_groups(output: bytes) -> Groups:
    """Of `catalog-tui scan --format json`: one path for each inode, relative to the archive."""
    return [[json_path(file) for file in group["files"]] for group in json.loads(output)["groups"]]


def json_path(record: dict[str, str]) -> bytes:
    """The exact path in a record of ours: `path_b64` where the name is not UTF-8, else `path`."""
    exact = record.get("path_b64")
    return base64.b64decode(exact) if exact is not None else record["path"].encode()


def comparable(groups: Iterable[list[bytes]], root: bytes) -> frozenset[frozenset[bytes]]:
    """The groups as sets of paths relative to `root`, whatever form the program gave them in."""
    return frozenset(frozenset(os.path.relpath(os.path.join(root, path), root) for path in group) for group in groups)


JDUPES = Peer("jdupes", ("jdupes", "-q", "-r", "-0"), jdupes_groups)
JDUPES_QUICK = Peer("jdupes -Q", ("jdupes", "-q", "-r", "-0", "-Q"), jdupes_groups)
RMLINT = Peer("rmlint", ("rmlint", "-T", "df", "--hidden", "-o", "json:stdout"), rmlint_groups)
FDUPES = Peer("fdupes", ("fdupes", "-q", "-r", "-n"), fdupes_groups)
RDFIND = Peer("rdfind", ("rdfind", "-dryrun", "true", "-outputname", "rdfind.txt"), rdfind_groups, "rdfind.txt")
