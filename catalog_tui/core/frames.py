"""What a reader and its child say to each other: a header and columns of raw bytes, so that a million rows cross at the
speed of a pipe.

A frame is the header's length (4 bytes), the header (`marshal`: both ends are the same interpreter, started by one
another), and the bytes of each column, whose types and lengths the header tells.
"""

import marshal
import struct
from array import array
from collections.abc import Sequence
from typing import IO, Any, Final, NamedTuple, TypeAlias

from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import FolderError, Listing, ModelInfo
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.stamps import Stamps

LENGTH: Final = struct.Struct("<I")
BYTES: Final = ""  # the type code of a column that is bytes and no array

Column: TypeAlias = "bytes | array[int]"


class Frame(NamedTuple):
    """A request or an answer: what it is about, plain values that belong to it (what `marshal` takes), and columns."""

    word: str
    plain: Any = ()
    columns: Sequence[Column] = ()


def write_frame(stream: IO[bytes], frame: Frame) -> None:
    """Write a frame; who wants it sent at once flushes. Raises OSError where nobody reads any more."""
    shapes = tuple(
        (BYTES, len(column)) if isinstance(column, bytes) else (column.typecode, len(column))
        for column in frame.columns
    )
    header = marshal.dumps((frame.word, frame.plain, shapes))
    stream.write(LENGTH.pack(len(header)) + header)
    for column in frame.columns:
        stream.write(column)


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame; None at the end of the stream, also where it ends within a frame."""
    length = stream.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return None
    (header_bytes,) = LENGTH.unpack(length)
    header = stream.read(header_bytes)
    if len(header) < header_bytes:
        return None
    word, plain, shapes = marshal.loads(header)
    columns = []
    for typecode, count in shapes:
        column = _read_column(stream, typecode, count)
        if column is None:
            return None
        columns.append(column)
    return Frame(word, plain, columns)


def _read_column(stream: IO[bytes], typecode: str, count: int) -> "Column | None":
    if typecode == BYTES:
        blob = stream.read(count)
        return blob if len(blob) == count else None
    column = array(typecode, (0,)) * count
    with memoryview(column).cast("B") as room:  # filled in place: no second copy of eight million bytes
        return column if stream.readinto(room) == len(room) else None  # type: ignore[attr-defined]  # IO lacks it


def of_listing(listing: Listing) -> Frame:
    """A listing as a frame."""
    columns = (listing.sizes, listing.mtimes_ns, listing.kinds, listing.links)
    plain = (listing.side_files, tuple(map(tuple, listing.errors)))
    return Frame("listing", plain, (*_of_names(listing.names), *columns, *_of_stamps(listing.stamps)))


def to_listing(frame: Frame) -> Listing:
    """The listing that `of_listing` was given."""
    side_files, errors = frame.plain
    blob, offsets, sizes, mtimes_ns, kinds, links, *stamps = frame.columns
    return Listing(
        names=to_names((blob, offsets)),
        sizes=_array(sizes),
        mtimes_ns=_array(mtimes_ns),
        kinds=_bytes(kinds),
        links=_bytes(links),
        side_files=side_files,
        errors=tuple(FolderError(*error) for error in errors),
        stamps=_to_stamps(stamps),
    )


def of_folders(folders: Folders) -> Frame:
    """Sites or models as a frame."""
    columns = (*_of_names(folders.names), folders.mtimes_ns, folders.links, *_of_stamps(folders.stamps))
    return Frame("folders", tuple(map(tuple, folders.errors)), columns)


def to_folders(frame: Frame) -> Folders:
    """The folders that `of_folders` was given."""
    blob, offsets, mtimes_ns, links, *stamps = frame.columns
    return Folders(
        names=to_names((blob, offsets)),
        mtimes_ns=_array(mtimes_ns),
        links=_bytes(links),
        errors=tuple(FolderError(*error) for error in frame.plain),
        stamps=_to_stamps(stamps),
    )


def of_info(info: ModelInfo, stamps: Stamps) -> Frame:
    """A model's figures as a frame."""
    return Frame("info", tuple(info), _of_stamps(stamps))


def to_info(frame: Frame) -> tuple[ModelInfo, Stamps]:
    """The figures that `of_info` was given."""
    return ModelInfo(*frame.plain), _to_stamps(frame.columns)


def of_names(names: PackedNames) -> Frame:
    """Names as a frame."""
    return Frame("names", (), _of_names(names))


def to_names(columns: Sequence[Column]) -> PackedNames:
    """The names of the columns that `of_names` made."""
    blob, offsets = columns
    return PackedNames(_bytes(blob), _array(offsets))


def _of_names(names: PackedNames) -> tuple[Column, Column]:
    return names.blob, names.offsets


def _of_stamps(stamps: Stamps) -> tuple[Column, ...]:
    return (*_of_names(stamps.folders), stamps.mtimes_ns, stamps.ctimes_ns)


def _to_stamps(columns: Sequence[Column]) -> Stamps:
    blob, offsets, mtimes_ns, ctimes_ns = columns
    return Stamps(to_names((blob, offsets)), _array(mtimes_ns), _array(ctimes_ns))


def _bytes(column: Column) -> bytes:
    assert isinstance(column, bytes)
    return column


def _array(column: Column) -> "array[int]":
    assert isinstance(column, array)
    return column
