"""A scan's dealings with its index, going on without it when it fails."""

from collections.abc import Callable, Iterable, Iterator

from catalog_tui.core.scan.index import (
    Index,
    IndexCorruptError,
    IndexUnusableError,
    Row,
    filesystem_key,
    is_racy,
)
from catalog_tui.core.scan.memory import Recalled
from catalog_tui.core.scan.numbers import signed
from catalog_tui.core.scan.records import Files
from catalog_tui.core.words import _


class IndexMemory:
    """A Memory that is the index in `folder`; when that fails, why is said once and it goes on as NoMemory would."""

    def __init__(self, folder: str, algorithm: str, files: Files, root: bytes, notice: Callable[[str], None]) -> None:
        self._algorithm = algorithm
        self._files = files
        self._root = root
        self._notice = notice
        self._keys: list[str] = []
        self._index: Index | None = None
        try:
            self._index = Index(folder)
            self._say_set_aside(self._index)
        except IndexUnusableError as error:
            self._give_up(error)

    @property
    def works(self) -> bool:
        """Whether there is an index."""
        return self._index is not None

    def is_empty(self) -> bool:
        """Whether there is nothing to recall."""
        if self._index is None:
            return True
        try:
            return self._index.is_empty()
        except IndexUnusableError as error:
            self._recover(error)
            return True

    def recall(self, positions: Iterable[int]) -> Iterator[Recalled]:
        """What is known of these files, each at most once, in no promised order."""
        files = self._files
        by_device: dict[int, list[int]] = {}
        for position in positions:
            by_device.setdefault(files.device_of[position], []).append(position)
        for device, members in by_device.items():
            index = self._index
            if index is None:
                return
            members.sort(key=lambda position: signed(files.inodes[position]))
            try:
                yield from self._merge(members, index.rows(self._key(device), self._algorithm))
            except IndexUnusableError as error:
                self._recover(error)

    def remember(self, device: int, read_at_ns: int, found: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Store (position, ends, whole) of files read since `read_at_ns`, but none too fresh to be trusted later."""
        if self._index is None:
            return
        files = self._files
        inodes, sizes, mtimes, ctimes = files.inodes, files.sizes, files.mtimes_ns, files.ctimes_ns
        rows = [
            Row(inodes[at], sizes[at], mtimes[at], ctimes[at], ends, whole)
            for at, ends, whole in found
            if not is_racy(mtimes[at], ctimes[at], read_at_ns)
        ]
        try:
            self._index.store(self._key(device), self._algorithm, rows)
            self._index.commit()
        except IndexUnusableError as error:
            self._recover(error)

    def commit(self) -> None:
        """Make safe what was remembered, when a commit is due."""
        if self._index is not None:
            try:
                self._index.commit()
            except IndexUnusableError as error:
                self._recover(error)

    def close(self) -> None:
        """Commit and let go of the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _merge(
        self, positions: list[int], rows: Iterator[tuple[int, int, int, int, bytes, bytes]]
    ) -> Iterator[Recalled]:
        files = self._files
        row = next(rows, None)
        for position in positions:
            inode = signed(files.inodes[position])
            while row is not None and row[0] < inode:
                row = next(rows, None)
            if row is None:
                return
            _inode, size, mtime_ns, ctime_ns, ends, whole = row
            if _inode == inode and size == files.sizes[position] and mtime_ns == files.mtimes_ns[position]:
                yield Recalled(position, ends, whole, ctime_ns != files.ctimes_ns[position])

    def _key(self, device: int) -> str:
        files = self._files
        while len(self._keys) <= device:
            number = files.devices[len(self._keys)]
            folder = files.device_folders[len(self._keys)]
            key = f"dev-{number:x}" if folder is None else filesystem_key(self._root + b"/" + folder, number)
            # A copied disk image keeps its id: mounted beside the first, it is told apart by its number.
            self._keys.append(f"{key}-{number:x}" if key in self._keys else key)
        return self._keys[device]

    def _recover(self, error: IndexUnusableError) -> None:
        """A damaged index is started anew; one that cannot be used is done without."""
        if self._index is not None and isinstance(error, IndexCorruptError):
            try:
                self._index.rebuild()
                self._say_set_aside(self._index)
                return
            except IndexUnusableError as second:
                error = second
        self._give_up(error)

    def _give_up(self, error: IndexUnusableError) -> None:
        self.close()
        self._notice(
            _("Scanning without the index, which cannot be used, nor the result be kept: {reason}").format(reason=error)
        )

    def _say_set_aside(self, index: Index) -> None:
        if index.set_aside is not None:
            self._notice(
                _("The index was damaged or not ours; it is kept as {path} and a new one is begun").format(
                    path=index.set_aside
                )
            )
