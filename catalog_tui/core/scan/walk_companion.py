"""The process that walks for another one (see shared_walk.py), and the thread that speaks with it."""

from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

from catalog_tui.core.scan.helper import HelperDiedError, spawned
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.walk import Walk, Wanted

PART_S = 0.01  # what is lost where both meet, for a part that is being walked then is walked once more
MOST_FOLDERS = 256  # in a question: what waits may be a hundred thousand, too much to send for every part


class Question(NamedTuple):
    """What the other process is to walk from: a stack of folders below `root`, the last of them first."""

    root: bytes
    wanted: Wanted
    folders: list[bytes]
    seconds: float = PART_S


class Part(NamedTuple):
    """What was seen by walking from a stack of folders for a while; `left` is what that left of the stack."""

    files: Files
    size_bytes: int
    linked: list[int]
    visited: set[tuple[int, int]]
    errors: list[tuple[bytes, OSError]]
    left: list[bytes]


class Share:
    """A stack of folders given to the companion, which walks from it part by part until it is taken back.

    `files` and `size_bytes` say how much its parts have so far.
    """

    def __init__(self, folders: list[bytes]) -> None:
        self.files = 0
        self.size_bytes = 0
        self._left = folders
        self._asked: list[list[bytes]] = []  # for each part, the folders that it was walked from
        self._parts: list[Part] = []
        self._taken_back = False
        self._lock = Lock()

    @property
    def is_walked(self) -> bool:
        """Whether nothing is left of it."""
        return not self._left

    def next_folders(self) -> list[bytes]:
        """Those to walk from next; none when there is nothing more to do."""
        with self._lock:
            return [] if self._taken_back else self._left[-MOST_FOLDERS:]

    def add(self, folders: list[bytes], part: Part) -> None:
        """Keep what came of walking from `folders`, unless the share was taken back meanwhile."""
        with self._lock:
            if not self._taken_back:
                self._asked.append(folders)
                self._parts.append(part)
                self.files += len(part.files)
                self.size_bytes += part.size_bytes
                self._left[-len(folders) :] = part.left

    def take_back(self) -> list[Part]:
        """The parts, in order; no more come after them."""
        with self._lock:
            self._taken_back = True
            return self._parts

    def left_after(self, parts: int) -> list[bytes]:
        """The stack as it was after so many parts: what nobody has walked then."""
        left = list(self._left)
        for at in range(len(self._parts) - 1, parts - 1, -1):
            del left[len(left) - len(self._parts[at].left) :]
            left += self._asked[at]
        return left


class Companion:
    """A helper process that walks shares, one after the other; should it die, what is left of them stays so."""

    def __init__(self, root: bytes, wanted: Wanted) -> None:
        """OSError where no process can be started."""
        self._root = root
        self._wanted = wanted
        self._shares: SimpleQueue[Share | None] = SimpleQueue()
        self._helper = spawned()
        self._thread = Thread(target=self._walk_shares, name="scan-walk", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it walks what it is given; once it does not, it never will."""
        return self._thread.is_alive()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._helper.pid

    def walk(self, folders: list[bytes]) -> Share:
        """Have the folders of this stack walked, once the shares before are done."""
        share = Share(folders)
        self._shares.put(share)
        return share

    def end(self) -> None:
        """End the process at once: it holds nothing that has not been brought."""
        self._helper.kill()
        self._shares.put(None)
        self._thread.join()
        self._helper.let_go()

    def _walk_shares(self) -> None:
        while (share := self._shares.get()) is not None:
            while folders := share.next_folders():
                try:
                    part = self._helper.run(walk_part, Question(self._root, self._wanted, folders))
                except HelperDiedError:
                    return
                share.add(folders, part)


def walk_part(question: Question) -> Part:
    """Walk from these folders as long as the question says, and one folder at the least."""
    files = Files()
    errors: list[tuple[bytes, OSError]] = []
    linked: list[int] = []
    walk = Walk(question.root, question.wanted, files, lambda path, error: errors.append((path, error)))
    waiting = list(question.folders)
    until = monotonic() + question.seconds
    while waiting:
        for step in walk.enter(waiting.pop(), waiting):
            linked += step.linked
        if monotonic() >= until:
            break
    return Part(files, sum(files.sizes), linked, walk.visited, errors, waiting)
