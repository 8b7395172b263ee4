"""What a walk saw, in columns: about 70 bytes a file where a Python object each would take 400."""

import os
from array import array
from collections.abc import Sequence


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

    def name(self, position: int) -> bytes:
        """The file's own name."""
        return bytes(self.names[self.starts[position] : self.starts[position + 1] - 1])

    def path(self, position: int) -> bytes:
        """The file's path, relative to the archive."""
        folder = self.folders[self.folder_of[position]]
        return folder + b"/" + self.name(position) if folder else self.name(position)

    def paths(self, positions: Sequence[int]) -> list[bytes]:
        """The paths of several files; those that follow each other in one folder are cut out in one go."""
        paths: list[bytes] = []
        starts, names, folder_of = self.starts, self.names, self.folder_of
        at, count = 0, len(positions)
        while at < count:
            first, folder = positions[at], folder_of[positions[at]]
            end = at + 1
            # Up to 8 names are cut out in vain for each that is wanted: splitting costs a tenth of a slice.
            while end < count and folder_of[positions[end]] == folder and 0 < positions[end] - positions[end - 1] <= 8:
                end += 1
            prefix = self.folders[folder] + b"/" if self.folders[folder] else b""
            cut = bytes(names[starts[first] : starts[positions[end - 1] + 1] - 1]).split(b"\0")
            paths += [prefix + cut[position - first] for position in positions[at:end]]
            at = end
        return paths

    def identity(self, position: int) -> tuple[int, int]:
        """What makes a file itself, whatever its names: (device number, inode)."""
        return self.device_of[position], self.inodes[position]
