import pytest

from catalog_tui.core.side_files import SideFiles, side_files


@pytest.mark.parametrize(
    ("side_file", "media"),
    [
        ("photo.jpg.json", "photo.jpg"),  # gallery-dl, Google Takeout
        ("photo.jpg.txt", "photo.jpg"),  # gallery-dl --write-tags, hydrus
        ("photo.jpg.xmp", "photo.jpg"),
        ("photo.jpg.supplemental-metadata.json", "photo.jpg"),
        ("photo.json", "photo.jpg"),
        ("photo.txt", "photo.jpg"),  # instaloader's caption
        ("photo.json.xz", "photo.jpg"),
        ("photo_comments.json", "photo.jpg"),
        ("photo_location.txt", "photo.jpg"),
        ("PHOTO.JSON", "PHOTO.JPG"),
        ("clip [id].info.json", "clip [id].mp4"),  # yt-dlp
        ("clip [id].description", "clip [id].mp4"),
        ("clip [id].en.vtt", "clip [id].mp4"),
        ("clip [id].pt-BR.srt", "clip [id].mp4"),
        ("clip [id].live_chat.json", "clip [id].mp4"),
        ("clip [id].annotations.xml", "clip [id].mp4"),
        ("movie.nfo", "movie.mkv"),
        ("song.mp3.json", "song.mp3"),
        ("12345.json", "12345"),  # a picture saved without suffix
        ("vol. 1.txt", "vol. 1.jpg"),
    ],
)
def test_a_side_file_is_known_with_the_media_it_describes(side_file: str, media: str) -> None:
    assert side_files([media, side_file, "stranger.png"]) == {side_file: (media,)}


def test_a_shared_side_file_is_known_with_all_the_media_it_describes() -> None:
    names = ["post_1.jpg", "post_2.mp4", "post_10.jpg", "post.json.xz", "post.txt", "poster.jpg"]
    shared = ("post_1.jpg", "post_10.jpg", "post_2.mp4")
    assert side_files(names) == {"post.json.xz": shared, "post.txt": shared}


def test_a_video_and_its_poster_share_their_side_file() -> None:
    assert side_files(["a.mp4", "a.jpg", "a.json"]) == {"a.json": ("a.jpg", "a.mp4")}


@pytest.mark.parametrize("name", ["x.info.json", "x.json.xz", "x.description", "x.jpg.json", "info.json", "x.mp4.txt"])
def test_what_only_downloaders_write_is_a_side_file_also_alone(name: str) -> None:
    assert side_files([name, "other.png"]) == {name: ()}


@pytest.mark.parametrize("name", ["story.txt", "data.json", "backup.xz", "readme.nfo", "a.b.txt", "photos.json"])
def test_a_document_that_matches_no_media_is_no_side_file(name: str) -> None:
    assert side_files([name, "photo.jpg", "storyline.jpg"]) == {}


def test_only_compressed_json_describes() -> None:
    assert side_files(["photo.jpg", "photo.xz", "photo.html.gz"]) == {}


def test_media_are_never_side_files() -> None:
    assert side_files(["a.jpg", "a.jpg.png", "a.mp4", "a.zip"]) == {}


def test_a_document_does_not_describe_another_document() -> None:
    assert side_files(["notes.txt", "notes.txt.json", "notes.json"]) == {}


def test_one_folder_is_asked_about_any_name() -> None:
    folder = SideFiles(["a.jpg", "a.txt"])
    assert folder.described_by("a.txt") == ("a.jpg",)
    assert folder.described_by("a.jpg") is None
