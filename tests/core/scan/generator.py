"""Small archives made to mislead a duplicate finder: the same seed gives the same archive.

Each seed draws a handful of shapes (boundary sizes, single flipped bytes, hard links, hostile names ...) and mixes
their files over a few sites and models, so that hundreds of seeds cover the shapes beside each other in a minute.
"""

import os
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import NASTY_NAMES

KIB = 1024
# Where finders cut files into heads, tails, blocks and buffers, and one to either side.
EDGES = (4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB)
SIZES = (1, 2, 15, 16, 17, 511, *(edge + step for edge in EDGES for step in (-1, 0, 1)))
LARGE_EDGES = (128 * KIB, 1024 * KIB)
LARGE_SIZES = tuple(edge + step for edge in LARGE_EDGES for step in (-1, 0, 1))
MEDIA_ENDINGS = (b"jpg", b"JPG", b"jpeg", b"png", b"webp", b"gif", b"mp4", b"webm", b"mkv")
OTHER_NAMES = (b"set.zip", b"song.mp3", b"caption.txt", b"numbers.json", b"README", b"no such.ending", b"UPPER.ZIP")
HOSTILE_NAMES = (*(name + b".jpg" for name in NASTY_NAMES if len(name) <= 251), b"x" * 251 + b".jpg")
MTIMES_NS = (
    0,
    -1,
    -86_400_000_000_001,
    1_500_000_000_000_000_000,
    1_600_000_000_123_456_789,
    4_000_000_000_000_000_000,
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A generated archive: its root, and the paths (relative to it) of the media, which a plain scan covers."""

    root: Path
    media: frozenset[bytes]


def generate(root: Path, seed: int) -> Tree:
    """Make the archive of this seed at `root`, which must not be there yet."""
    builder = Builder(root, random.Random(seed))
    large = builder.rng.random() < 0.15
    for shape in builder.rng.choices(SHAPES, k=builder.rng.randint(6, 10)):
        shape(builder, builder.rng.choice(LARGE_SIZES if large and shape in CUTTING else SIZES))
        large = large and shape not in CUTTING
    builder.age()
    return Tree(root, frozenset(builder.media))


class Builder:
    """Puts contents under drawn names into drawn folders, and remembers which of them are media."""

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root = os.fsencode(root)
        self.rng = rng
        self.media: set[bytes] = set()
        self._count = 0
        below = [b"", b"", b"", b"sub", b"sub/b c", b"\xe9t\xe9"]
        sites = [b"site%d" % number for number in range(rng.randint(1, 3))]
        self.models = [site + b"/model%d" % number for site in sites for number in range(rng.randint(1, 3))]
        self.folders = [os.path.join(model, rng.choice(below)).rstrip(b"/") for model in self.models for _ in range(2)]
        for folder in self.folders:
            os.makedirs(os.path.join(self.root, folder), exist_ok=True)

    def random(self, size: int) -> bytes:
        """That many random bytes."""
        return self.rng.randbytes(size)

    def place(
        self, content: bytes, name: bytes | None = None, folder: bytes | None = None, *, media: bool = True
    ) -> bytes:
        """Write a new file, in any folder and under any free name unless told; gives its path relative to the root."""
        path = self.free(name, folder)
        with open(os.path.join(self.root, path), "xb") as stream:
            stream.write(content)
        if media and content:
            self.media.add(path)
        return path

    def link(self, existing: bytes, folder: bytes | None = None) -> bytes:
        """One more name for the inode of an existing media file."""
        path = self.free(None, folder)
        os.link(os.path.join(self.root, existing), os.path.join(self.root, path))
        self.media.add(path)
        return path

    def free(self, name: bytes | None = None, folder: bytes | None = None) -> bytes:
        """A path that is not taken; its folder is made."""
        self._count += 1
        folder = self.rng.choice(self.folders) if folder is None else folder
        os.makedirs(os.path.join(self.root, folder), exist_ok=True)
        if name is None:
            name = b"%s%d.%s" % (self.rng.choice((b"img", b"IMG_", b"z")), self._count, self.rng.choice(MEDIA_ENDINGS))
        path = os.path.join(folder, name)
        return (
            path
            if not os.path.lexists(os.path.join(self.root, path))
            else self.free(b"%d-" % self._count + name, folder)
        )

    def age(self) -> None:
        """Give some files odd modification times: the epoch, before it, far ahead, the same ones."""
        for path in sorted(self.media):
            if self.rng.random() < 0.3:
                os.utime(os.path.join(self.root, path), ns=(self.rng.choice(MTIMES_NS),) * 2)


Shape = Callable[[Builder, int], None]


def flip(content: bytes, at: int) -> bytes:
    """The same content but for one bit of one byte."""
    changed = bytearray(content)
    changed[at] ^= 1 << (at % 8)
    return bytes(changed)


def twins(builder: Builder, size: int) -> None:
    """The same content two to four times, and another content of the same size."""
    content = builder.random(size)
    for _ in range(builder.rng.randint(2, 4)):
        builder.place(content)
    builder.place(builder.random(size))


def flipped_bytes(builder: Builder, size: int) -> None:
    """One content, and it with its first, middle or last byte changed; each may have a twin."""
    content = builder.random(size)
    for variant in (content, *(flip(content, at) for at in {0, size // 2, size - 1})):
        for _ in range(builder.rng.randint(1, 2)):
            builder.place(variant)


def flipped_at_edges(builder: Builder, size: int) -> None:
    """Changes right at and beside the offsets where heads, tails and blocks end, counted from both ends."""
    content = builder.random(size)
    offsets = {at for edge in EDGES for at in (edge - 1, edge, size - edge - 1, size - edge) if 0 <= at < size}
    builder.place(content)
    for at in builder.rng.sample(sorted(offsets), min(4, len(offsets))):
        builder.place(flip(content, at))
    builder.place(content)


def one_byte_shorter(builder: Builder, size: int) -> None:
    """A content, and it without its last or first byte: different sizes and one prefix."""
    content = builder.random(size)
    for variant in (content, content[:-1], content[1:], content + b"\0"):
        for _ in range(builder.rng.randint(1, 2)):
            builder.place(variant)


def shared_ends(builder: Builder, size: int) -> None:
    """The same beginning and end, as long as any finder samples, around middles that differ."""
    edge = builder.rng.choice(EDGES[:3])
    head, tail = builder.random(edge), builder.random(edge)
    middles = [builder.random(size) for _ in range(3)]
    for middle in (*middles, builder.rng.choice(middles)):
        builder.place(head + middle + tail)


def shared_prefix(builder: Builder, size: int) -> None:
    """Twenty files of one size and one beginning, different in their last bytes; two of them twins."""
    prefix = builder.random(size)
    for number in range(20):
        builder.place(prefix + b"%04d" % number)
    builder.place(prefix + b"%04d" % builder.rng.randrange(20))


def repeated_block(builder: Builder, size: int) -> None:
    """Files made of the same block at other places: equal sums and equal samples, different order."""
    block, other = builder.random(size), builder.random(size)
    for content in (block + other, other + block, block + block, block + other):
        builder.place(content)


def sparse_and_dense(builder: Builder, size: int) -> None:
    """Nothing but zeros, once as a hole and once written out: the same content."""
    builder.place(bytes(size))
    path = builder.place(b"")
    os.truncate(os.path.join(builder.root, path), size)
    builder.media.add(path)


def links_inside(builder: Builder, size: int) -> None:
    """Two contents alike, each with several names: two inodes, one group, no name a duplicate of itself."""
    content = builder.random(size)
    for _ in range(2):
        path = builder.place(content)
        for _ in range(builder.rng.randint(0, 2)):
            builder.link(path)


def links_alone(builder: Builder, size: int) -> None:
    """Several names of one inode and no second one: no duplicate at all."""
    path = builder.place(builder.random(size))
    for model in builder.models:
        builder.link(path, model)


def zero_bytes(builder: Builder, size: int) -> None:
    """Empty files, which are no duplicates of each other, beside twins of zeros."""
    for _ in range(3):
        builder.place(b"")
    builder.place(bytes(size))
    builder.place(bytes(size))


def symlinks(builder: Builder, size: int) -> None:
    """Links to a file, to its folder, to the parent, to nothing, to themselves: never followed, never duplicates."""
    path = builder.place(builder.random(size))
    name, folder = os.path.basename(path), os.path.dirname(path)
    for target in (name, os.path.join(builder.root, path), b"..", b".", b"gone.jpg", builder.root, b"/dev/zero"):
        os.symlink(target, os.path.join(builder.root, builder.free(None, folder)))
    loop = builder.free(b"loop.jpg", folder)
    os.symlink(os.path.basename(loop), os.path.join(builder.root, loop))


def special_files(builder: Builder, size: int) -> None:
    """A pipe and a socket under the names of pictures: opening one would hang."""
    builder.place(builder.random(size))
    os.mkfifo(os.path.join(builder.root, builder.free()))
    os.mknod(os.path.join(builder.root, builder.free()), stat.S_IFSOCK | 0o600)


def hostile_names(builder: Builder, size: int) -> None:
    """Twins under names that break lists, terminals, shells and encodings."""
    content = builder.random(size)
    for name in builder.rng.sample(HOSTILE_NAMES, 6):
        builder.place(content, name, media=name[:1] != b".")
    name = builder.rng.choice(HOSTILE_NAMES).removesuffix(b".jpg")
    builder.place(content, None, os.path.join(builder.rng.choice(builder.models), name), media=name[:1] != b".")


def case_pair(builder: Builder, size: int) -> None:
    """Names that differ in case alone: two files here."""
    content, folder = builder.random(size), builder.rng.choice(builder.folders)
    for name in (b"Photo.jpg", b"photo.jpg", b"PHOTO.JPG"):
        builder.place(content, name, folder)


def other_kinds(builder: Builder, size: int) -> None:
    """Twins that are neither pictures nor videos, or do not say what they are: part of the archive all the same."""
    content = builder.random(size)
    for name in builder.rng.sample(OTHER_NAMES, 3):
        builder.place(content, name, builder.rng.choice(builder.models))


def hidden(builder: Builder, size: int) -> None:
    """A media file with copies where a plain scan does not look: hidden and system folders, unfinished downloads."""
    content = builder.random(size)
    builder.place(content)
    builder.place(content, b".%d.jpg" % size, media=False)
    model = builder.rng.choice(builder.models)
    for folder in (b".hidden", b".cache/model", model + b"/.thumbs", model + b"/@eaDir", model + b"/#recycle"):
        builder.place(content, None, folder, media=False)
    for ending in (b".part", b".ytdl", b".aria2"):
        builder.place(content, b"clip%d.mp4" % size + ending, model, media=False)


def own_trash(builder: Builder, size: int) -> None:
    """A media file with a copy in the archive's own trash, which no scan ever covers."""
    content = builder.random(size)
    builder.place(content)
    builder.place(content, None, b".catalog-trash/2026", media=False)


def side_files(builder: Builder, size: int) -> None:
    """Pictures that differ, with side-files that are alike: only --all finds those."""
    notes = builder.random(size)
    for _ in range(2):
        folder, name = os.path.split(builder.place(builder.random(size)))
        builder.place(notes, name + b".json", folder, media=False)


def loose(builder: Builder, size: int) -> None:
    """Copies loose in a site and at the top of the archive, which is how a folder looks that is no archive yet."""
    content = builder.random(size)
    site = os.path.dirname(builder.rng.choice(builder.models))
    builder.place(content, None, site)
    builder.place(content, None, builder.rng.choice(builder.models))
    builder.place(content, None, b"")


def deep(builder: Builder, size: int) -> None:
    """Twins at the two ends of a long chain of folders."""
    content = builder.random(size)
    model = builder.rng.choice(builder.models)
    builder.place(content, None, model)
    builder.place(content, None, os.path.join(model, *[b"d%d" % level for level in range(40)]))


# Shapes in which it matters where a content is cut; the others gain nothing from megabytes.
CUTTING: tuple[Shape, ...] = (twins, flipped_bytes, flipped_at_edges, one_byte_shorter, shared_ends, repeated_block)
SHAPES: tuple[Shape, ...] = (
    *CUTTING,
    shared_prefix,
    sparse_and_dense,
    links_inside,
    links_alone,
    zero_bytes,
    symlinks,
    special_files,
    hostile_names,
    case_pair,
    other_kinds,
    hidden,
    own_trash,
    side_files,
    loose,
    deep,
)
