"""What a walk saw, in columns: about 70 bytes a file where a Python object each would take 400."""

import os
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise


class Files:
    """The regular files of one scan, by position; times in nanoseconds, sizes in bytes, paths relative and in bytes."""

    __slots__ = (
        "ctimes_ns",
        "device_folders",
        "device_of",
        "devices",
        "folder_of",
        "folders",
        "inodes",
        "mtimes_ns",
        "names",
        "sizes",
        "starts",
    )

    def __init__(self) -> None:
        self.sizes = array("q")
        self.inodes = array("Q")
        self.mtimes_ns = array("q")
        self.ctimes_ns = array("q")
        self.folder_of = array("I")
        self.device_of = array("H")
        self.starts = array("Q", [0])
        self.names = bytearray()
        self.folders: list[bytes] = []
        self.devices: list[int] = []
        self.device_folders: list[bytes | None] = []

    def __len__(self) -> int:
        return len(self.sizes)

    def device_number(self, device: int, folder: bytes | None) -> int:
        """The short number for `device` (an st_dev) in `device_of`; `folder` lies on it, None where none does."""
        if device not in self.devices:
            self.devices.append(device)
            self.device_folders.append(folder)
        return self.devices.index(device)

    def add_names(self, names: list[str]) -> None:
        """Append the names of the next `len(names)` files."""
        blob = os.fsencode("\0".join(names)) + b"\0"
        at = len(self.names)
        starts = self.starts
        for raw in blob.split(b"\0")[:-1]:
            at += len(raw) + 1
            starts.append(at)
        self.names += blob

    def extend(self, others: "Files") -> None:
        """Append all files, and folders, of another walk."""
        folders, at = len(self.folders), len(self.names)
        self.sizes += others.sizes
        self.inodes += others.inodes
        self.mtimes_ns += others.mtimes_ns
        self.ctimes_ns += others.ctimes_ns
        self.folder_of.extend([folders + number for number in others.folder_of])
        self.starts.extend([at + start for start in others.starts[1:]])
        self.names += others.names
        self.folders += others.folders
        numbers = [self.device_number(*each) for each in zip(others.devices, others.device_folders, strict=True)]
        if numbers == list(range(len(numbers))):
            self.device_of += others.device_of
        else:
            self.device_of.extend([numbers[number] for number in others.device_of])

    def path(self, position: int) -> bytes:
        """The file's path, relative to the archive."""
        folder = self.folders[self.folder_of[position]]
        name = self.names[self.starts[position] : self.starts[position + 1] - 1]
        return folder + b"/" + name if folder else bytes(name)

    def paths(self, positions: Iterable[int]) -> list[bytes]:
        """What `path` gives for each of these: for many at once it takes a third of the time."""
        before = [folder + b"/" if folder else b"" for folder in self.folders]
        folder_of, starts, names = self.folder_of, self.starts, self.names
        return [before[folder_of[at]] + names[starts[at] : starts[at + 1] - 1] for at in positions]

    def spans(self, positions: Sequence[int]) -> list[tuple[int, int]]:
        """The positions as ranges (first, end) of neighbours in one folder, in their order: what a slice can take."""
        folder_of = self.folder_of
        starts = [
            at
            for at, (one, other) in enumerate(pairwise(positions), 1)
            if other != one + 1 or folder_of[one] != folder_of[other]
        ]
        return [(positions[start], positions[end - 1] + 1) for start, end in pairwise([0, *starts, len(positions)])]

    def runs(self, spans: list[tuple[int, int]]) -> list[tuple[bytes, bytes]]:
        """The paths of the files in these spans, as (folder, names joined by NUL)."""
        folders, folder_of, starts, names = self.folders, self.folder_of, self.starts, self.names
        return [(folders[folder_of[first]], bytes(names[starts[first] : starts[end] - 1])) for first, end in spans]

    def identity(self, position: int) -> tuple[int, int]:
        """What makes a file itself, whatever its names: (device number, inode)."""
        return self.device_of[position], self.inodes[position]
