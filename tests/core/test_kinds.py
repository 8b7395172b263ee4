import pytest

from catalog_tui.core.kinds import (
    LEFT_OUT,
    UNKNOWN,
    Kind,
    SuffixKinds,
    TailKinds,
    is_left_out_file,
    is_left_out_folder,
    kind_of_suffix,
)

IMAGES = "jpg jpeg png webp gif bmp tiff avif heic jxl"
VIDEOS = "mp4 webm mov mkv m4v avi flv wmv ts mpg"


@pytest.mark.parametrize("word", IMAGES.split())
def test_a_picture_is_known_by_its_suffix(word: str) -> None:
    assert kind_of_suffix(f".{word}") == Kind.IMAGE
    assert kind_of_suffix(f".{word.upper()}") == Kind.IMAGE


@pytest.mark.parametrize("word", VIDEOS.split())
def test_a_video_is_known_by_its_suffix(word: str) -> None:
    assert kind_of_suffix(f".{word}") == Kind.VIDEO
    assert kind_of_suffix(f".{word.upper()}") == Kind.VIDEO


@pytest.mark.parametrize("suffix", [".mp3", ".zip", ".pdf", ".py", ".psd"])
def test_well_known_other_files_need_no_look_inside(suffix: str) -> None:
    assert kind_of_suffix(suffix) == Kind.OTHER


@pytest.mark.parametrize("suffix", ["", ".", ".quux", ".jpg_large"])
def test_a_suffix_that_tells_nothing_is_said_to_be_unknown(suffix: str) -> None:
    assert kind_of_suffix(suffix) == UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.jpg",
        "clip.mp4.part",
        "clip.mp4.ytdl",
        "clip.mp4.aria2",
        "clip.mp4.part-Frag12",
        "a.jpg.crdownload",
        "b.!qB",
    ],
)
def test_hidden_files_and_unfinished_downloads_are_left_out(name: str) -> None:
    assert is_left_out_file(name)


@pytest.mark.parametrize("name", ["a.jpg", "part", "a.part.jpg", "notes.txt", "noext"])
def test_other_files_are_not_left_out(name: str) -> None:
    assert not is_left_out_file(name)


def test_folders_that_systems_keep_for_themselves_are_left_out() -> None:
    assert all(map(is_left_out_folder, ["@eaDir", "#recycle", ".catalog-trash", ".git"]))
    assert not is_left_out_folder("a.part")


def test_the_table_of_suffixes_does_not_grow_with_hostile_names() -> None:
    table = SuffixKinds()
    for number in range(SuffixKinds.MOST + 100):
        assert table[f".x{number}"] == UNKNOWN
    assert len(table) <= SuffixKinds.MOST
    assert table[".part"] == LEFT_OUT
    assert table["g"] == UNKNOWN  # what a name without a dot gives


@pytest.mark.parametrize("tail", ["", ".", "x", "a.b", "x.a.b", "a.mp4.js", "a.JPG", "a.ts", ".m.ts", "b..a", "a.part"])
@pytest.mark.parametrize("stem", ["", "name", "name.jpg", "i"])
def test_the_end_of_a_name_tells_what_its_suffix_tells_or_nothing(stem: str, tail: str) -> None:
    name = stem + tail
    suffix = name[name.rfind(".") :]
    told = TailKinds()[name[-4:]]
    assert told == (SuffixKinds()[suffix] if "." in name[-4:] else -1)


def test_the_table_of_ends_does_not_grow_with_hostile_names() -> None:
    table = TailKinds()
    for number in range(SuffixKinds.MOST + 100):
        assert table[chr(0x4E00 + number) + "end"] == -1
    assert len(table) <= SuffixKinds.MOST
