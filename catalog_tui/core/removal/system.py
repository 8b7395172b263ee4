"""What differs between systems: how a folder is held, and the calls that move a file without overwriting another.

`HeldFolder` works by descriptors: whatever becomes of a path meanwhile, it acts in the folder that was checked.
`NamedFolder` is for systems without them; it looks at every folder on the way, and again after the act its caller
looks at what came of it. `open_top` takes the best of what the system has.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

INODE_MASK = 0xFFFF_FFFF_FFFF_FFFF  # as the scan keeps it: one Windows filesystem has inodes of 128 bits
CANNOT = frozenset((errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP))
# What filesystems without hard links say to link(), and systems that cannot link a symbolic link itself.
NO_LINKS = CANNOT | {errno.EPERM, errno.EMLINK, errno.ELOOP}

_CLOEXEC = getattr(os, "O_CLOEXEC", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _CLOEXEC
_FILE = os.O_RDONLY | _CLOEXEC | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_REPLACE, _EXCHANGE = 1, 2
_FIDEDUPERANGE = 0xC0189436  # linux/fs.h: _IOWR(0x94, 54, struct file_dedupe_range)
_RANGE = "=QQHHIqQQiI"  # that struct with one destination
_MOST_AT_ONCE = 16 << 20  # what btrfs takes in one call

Inode = tuple[int, int]
"""(device, inode): what makes a file or folder itself, whatever its names."""
RenameCall = Callable[[int, str, int, str, int], None]


class Folder(Protocol):
    """A folder, open. Every name given is one component; links are never followed; all methods raise OSError."""

    moves_open_files: bool
    """Whether a file can be moved while this process has it open (not on Windows)."""

    @property
    def inode(self) -> Inode: ...
    def child(self, name: str) -> "Folder": ...
    def make_child(self, name: str, mode: int = 0o777) -> None: ...
    def look(self, name: str) -> os.stat_result | None:
        """The status of what bears this name, of a link itself; None where nothing does."""
        ...

    def open_file(self, name: str, flags: int = _FILE, mode: int = 0o600) -> int: ...
    def set_mode(self, mode: int) -> None: ...
    def names(self) -> list[str]: ...
    def folder_names(self) -> list[str]:
        """The names of the folders in this one, without links to folders."""
        ...

    def take(self, name: str, private: Any, new: str) -> None:
        """Move into a folder that only this program writes to; FileExistsError where `new` is taken there."""
        ...

    def put(self, name: str, public: Any, new: str) -> None:
        """Move into a folder that anybody writes to, replacing nothing; FileExistsError where `new` is taken."""
        ...

    def swap(self, name: str, other: Any, other_name: str) -> bool:
        """Exchange two files in one step; False where the system or the filesystem cannot."""
        ...

    def link(self, name: str, other: Any, new: str) -> None: ...
    def remove(self, name: str) -> None: ...
    def remove_child(self, name: str) -> None: ...
    def sync(self) -> None:
        """Bring what was done to the folder's entries to the disk."""
        ...

    def close(self) -> None: ...


class HeldFolder:
    """A folder held by its descriptor; `rename` is renameat2 or None where there is none."""

    moves_open_files = True

    def __init__(self, descriptor: int, rename: RenameCall | None) -> None:
        self._descriptor = descriptor
        self._rename = rename

    @classmethod
    def top(cls, path: str, rename: RenameCall | None) -> "HeldFolder":
        """The archive's own folder, which the user named and which may be reached through a link."""
        return cls(os.open(path, _FOLDER), rename)

    @property
    def inode(self) -> Inode:
        return inode_of(os.fstat(self._descriptor))

    def child(self, name: str) -> "HeldFolder":
        return HeldFolder(os.open(name, _FOLDER | _NOFOLLOW, dir_fd=self._descriptor), self._rename)

    def make_child(self, name: str, mode: int = 0o777) -> None:
        os.mkdir(name, mode, dir_fd=self._descriptor)

    def look(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open_file(self, name: str, flags: int = _FILE, mode: int = 0o600) -> int:
        return os.open(name, flags | _CLOEXEC | _NOFOLLOW, mode, dir_fd=self._descriptor)

    def set_mode(self, mode: int) -> None:
        os.fchmod(self._descriptor, mode)

    def names(self) -> list[str]:
        return os.listdir(self._descriptor)

    def folder_names(self) -> list[str]:
        return _folders_in(self._descriptor)

    def take(self, name: str, private: "HeldFolder", new: str) -> None:
        if self._renamed(name, private, new, _NO_REPLACE):
            return
        # Not link and unlink: unlink would destroy whatever had come under the old name in between.
        if private.look(new) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
        os.rename(name, new, src_dir_fd=self._descriptor, dst_dir_fd=private._descriptor)

    def put(self, name: str, public: "HeldFolder", new: str) -> None:
        if self._renamed(name, public, new, _NO_REPLACE):
            return
        try:
            self.link(name, public, new)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            if public.look(new) is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from error
            os.rename(name, new, src_dir_fd=self._descriptor, dst_dir_fd=public._descriptor)
        else:
            public.sync()
            self.remove(name)

    def swap(self, name: str, other: "HeldFolder", other_name: str) -> bool:
        return self._renamed(name, other, other_name, _EXCHANGE)

    def link(self, name: str, other: "HeldFolder", new: str) -> None:
        os.link(name, new, src_dir_fd=self._descriptor, dst_dir_fd=other._descriptor, follow_symlinks=False)

    def remove(self, name: str) -> None:
        os.unlink(name, dir_fd=self._descriptor)

    def remove_child(self, name: str) -> None:
        os.rmdir(name, dir_fd=self._descriptor)

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def close(self) -> None:
        let_go(self._descriptor)

    def _renamed(self, name: str, other: "HeldFolder", new: str, flag: int) -> bool:
        if self._rename is None:
            return False
        try:
            self._rename(self._descriptor, name, other._descriptor, new, flag)
        except OSError as error:
            if error.errno not in CANNOT:
                raise
            return False
        return True


class NamedFolder:
    """A folder known by its path, for systems without descriptors of folders."""

    moves_open_files = False

    def __init__(self, path: str) -> None:
        self._path = path
        os.listdir(path)  # what cannot be read is found out here, as by opening

    @property
    def inode(self) -> Inode:
        return inode_of(os.stat(self._path))

    def child(self, name: str) -> "NamedFolder":
        path = self._at(name)
        status = os.lstat(path)
        if _is_link(status) or not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
        return NamedFolder(path)

    def make_child(self, name: str, mode: int = 0o777) -> None:
        os.mkdir(self._at(name), mode)

    def look(self, name: str) -> os.stat_result | None:
        try:
            return os.lstat(self._at(name))
        except FileNotFoundError:
            return None

    def open_file(self, name: str, flags: int = _FILE, mode: int = 0o600) -> int:
        path = self._at(name)
        if not flags & os.O_CREAT:
            _check_no_link(path)
        return os.open(path, flags | _CLOEXEC | _NOFOLLOW, mode)

    def set_mode(self, mode: int) -> None:
        os.chmod(self._path, mode)

    def names(self) -> list[str]:
        return os.listdir(self._path)

    def folder_names(self) -> list[str]:
        return _folders_in(self._path)

    def take(self, name: str, private: "NamedFolder", new: str) -> None:
        self._move_where_nothing_is(name, private, new)

    def put(self, name: str, public: "NamedFolder", new: str) -> None:
        if os.name == "nt":  # rename itself replaces nothing there
            os.rename(self._at(name), public._at(new))
            return
        try:
            self.link(name, public, new)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            self._move_where_nothing_is(name, public, new)
        else:
            public.sync()
            self.remove(name)

    def swap(self, name: str, other: "NamedFolder", other_name: str) -> bool:
        return False

    def link(self, name: str, other: "NamedFolder", new: str) -> None:
        if os.link in os.supports_follow_symlinks:
            os.link(self._at(name), other._at(new), follow_symlinks=False)
        else:
            _check_no_link(self._at(name))
            os.link(self._at(name), other._at(new))

    def remove(self, name: str) -> None:
        os.unlink(self._at(name))

    def remove_child(self, name: str) -> None:
        os.rmdir(self._at(name))

    def sync(self) -> None:
        """There is no way to ask for it without a descriptor."""

    def close(self) -> None:
        """Nothing is held."""

    def _at(self, name: str) -> str:
        return os.path.join(self._path, name)

    def _move_where_nothing_is(self, name: str, other: "NamedFolder", new: str) -> None:
        if other.look(new) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
        os.rename(self._at(name), other._at(new))


OpenTop = Callable[[str], Folder]


def open_top(path: str) -> Folder:
    """The archive's folder in the best way this system has; OSError where it cannot be opened."""
    if {os.open, os.stat, os.rename, os.link, os.unlink, os.mkdir} <= os.supports_dir_fd:
        return HeldFolder.top(path, renameat2())
    return NamedFolder(path)


def renameat2() -> RenameCall | None:
    """Linux's call, which can refuse to replace and can exchange; None where the C library does not have it."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None

    def call(folder: int, name: str, other: int, other_name: str, flags: int) -> None:
        if function(folder, os.fsencode(name), other, os.fsencode(other_name), flags) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), name)

    return call


def bring_to_disk(descriptor: int) -> None:
    """Wait until a file's bytes are on the disk."""
    # fsync would also write the time of our own reading of it, a journal commit each: 3 ms a file against 0.02.
    getattr(os, "fdatasync", os.fsync)(descriptor)


def let_go(descriptor: int) -> None:
    """Close it. What closing has to say about earlier writes fsync was asked for before; here it would only disturb."""
    with suppress(OSError):
        os.close(descriptor)


def inode_of(status: os.stat_result) -> Inode:
    """(device, inode) as the scan keeps them."""
    return status.st_dev, status.st_ino & INODE_MASK


def mount_points() -> frozenset[str]:
    """Where something is mounted, as absolute paths: within one device too a rename cannot cross these. Linux only."""
    points = set()
    with suppress(OSError), open("/proc/self/mountinfo", "rb") as table:
        for line in table:
            point = line.split(b" ")[4]  # spaces and the like are written in octal: proc(5)
            for escaped, plain in ((b"\\040", b" "), (b"\\011", b"\t"), (b"\\012", b"\n"), (b"\\134", b"\\")):
                point = point.replace(escaped, plain)
            points.add(os.fsdecode(point))
    return frozenset(points)


def is_being_written(descriptor: int) -> bool:
    """Whether somebody has this file open for writing, as far as the system tells: on Linux, by asking for a lease."""
    if not sys.platform.startswith("linux"):
        return False
    import fcntl
    import signal

    try:
        # Who opens the file in the moment that we hold the lease makes the system signal us: by one that is ignored.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN  # anything else: no leases here, or the file is another user's
    return False


def _folders_in(folder: int | str) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]


def _check_no_link(path: str) -> None:
    if _is_link(os.lstat(path)):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)


def _is_link(status: os.stat_result) -> bool:
    """A symbolic link, or a junction of Windows: a folder that leads elsewhere, and no symbolic link to lstat."""
    reparse = getattr(status, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(status.st_mode) or bool(reparse)


def share_blocks(source: int, target: int, size: int) -> None:
    """Make one file share the other's blocks; the kernel compares them first (ioctl_fideduperange(2)).

    OSError where the system or the filesystem cannot; EILSEQ where the contents differ.
    """
    if not sys.platform.startswith("linux"):
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
    import fcntl
    import struct

    offset = 0
    while offset < size:
        length = min(size - offset, _MOST_AT_ONCE)
        request = bytearray(struct.pack(_RANGE, offset, length, 1, 0, 0, target, offset, 0, 0, 0))
        fcntl.ioctl(source, _FIDEDUPERANGE, request)
        shared, status = struct.unpack(_RANGE, request)[7:9]
        if status < 0:
            raise OSError(-status, os.strerror(-status))
        if status or not shared:
            raise OSError(errno.EILSEQ, os.strerror(errno.EILSEQ))
        offset += shared
