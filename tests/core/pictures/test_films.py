"""Posters and frames of videos, and files that only look like videos."""

import os
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from catalog_tui.core.media import CannotShow, Problem
from catalog_tui.core.pictures.posters import Poster
from catalog_tui.core.thumbnails import Thumbnails
from tests.core.pictures.looking import colour_at, is_near
from tests.core.pictures.samples import BLUE, RED, fade, halves, write_video

GREEN = (30, 160, 30)


def steps(count: int = 60) -> list[Image.Image]:
    """Pictures each a little brighter than the one before, so that a frame tells its number by its grey."""
    return [Image.new("RGB", (64, 48), (4 * number, 4 * number, 4 * number)) for number in range(count)]


def test_the_poster_is_no_black_frame(thumbnails: Thumbnails, tmp_path: Path) -> None:
    """Black for the first half, as far as a poster is usually looked for."""
    path = write_video(tmp_path / "a.mp4", frames=[*fade([0] * 40), *fade([255] * 60)])
    assert is_near(colour_at(thumbnails.get(str(path), 320), 0.2, 0.5), RED, 60)


def test_a_video_that_is_black_throughout_is_shown_black(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", frames=list(fade([0] * 50)))
    assert is_near(colour_at(thumbnails.get(str(path), 320), 0.5, 0.5), (0, 0, 0), 10)


def test_the_poster_is_not_the_first_frame(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", frames=[halves((320, 240)).rotate(180)] * 5 + [halves((320, 240))] * 70)
    assert is_near(colour_at(thumbnails.get(str(path), 320), 0.2, 0.5), RED, 60)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm", "avi"])
def test_a_frame_is_the_one_at_its_time(thumbnails: Thumbnails, tmp_path: Path, suffix: str) -> None:
    codec = {"webm": "libvpx", "avi": "mpeg4"}.get(suffix, "libx264")
    path = write_video(tmp_path / f"a.{suffix}", codec, frames=steps(), rate=10)
    for number in (0, 3, 17, 42, 59):
        picture = thumbnails.get(str(path), 320, frame=number / 10 + 0.02)
        assert is_near(colour_at(picture, 0.5, 0.5), (4 * number,) * 3, 6)
    late = thumbnails.get(str(path), 320, frame=1000.0)
    assert is_near(colour_at(late, 0.5, 0.5), (4 * 59,) * 3, 6)


def test_a_cover_in_the_file_is_its_poster(thumbnails: Thumbnails, tmp_path: Path) -> None:
    cover = tmp_path / "cover.png"
    Image.new("RGB", (100, 100), GREEN).save(cover)
    plain = write_video(tmp_path / "plain.mp4")
    with av.open(str(tmp_path / "a.mp4"), "w") as out, av.open(str(plain)) as film, av.open(str(cover)) as picture:
        streams = [out.add_stream_from_template(source.streams.video[0]) for source in (film, picture)]
        streams[1].disposition = av.stream.Disposition.attached_pic
        for source, stream in zip((film, picture), streams, strict=True):
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    shown = thumbnails.get(str(tmp_path / "a.mp4"), 320)
    assert shown.facts.has_cover
    assert (shown.facts.width, shown.facts.height) == (640, 400)
    assert is_near(colour_at(shown, 0.5, 0.5), GREEN)
    assert is_near(colour_at(thumbnails.get(str(tmp_path / "a.mp4"), 320, frame=1.0), 0.2, 0.5), RED, 60)


def test_a_picture_of_the_same_stem_beside_it_is_its_poster(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = str(write_video(tmp_path / "a.mp4"))
    assert is_near(colour_at(thumbnails.get(path, 320), 0.2, 0.5), RED, 60)
    Image.new("RGB", (100, 50), GREEN).save(tmp_path / "a.jpg")
    assert thumbnails.cached(path, 320) is None
    picture = thumbnails.get(path, 320)
    assert (picture.width, picture.height) == (100, 50)
    assert is_near(colour_at(picture, 0.5, 0.5), GREEN)
    assert picture.facts.duration_s is not None
    assert thumbnails.cached(path, 320) == picture
    assert is_near(colour_at(thumbnails.get(path, 320, frame=1.0), 0.2, 0.5), RED, 60)
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert is_near(colour_at(thumbnails.get(path, 320), 0.2, 0.5), RED, 60)


def test_beside_a_film_that_was_opened_only_the_poster_that_was_opened_counts(
    thumbnails: Thumbnails, tmp_path: Path
) -> None:
    path = str(write_video(tmp_path / "a.mp4"))
    known = os.stat(path)
    Image.new("RGB", (100, 50), GREEN).save(tmp_path / "a.jpg")
    poster = Poster(str(tmp_path / "a.jpg"), os.stat(tmp_path / "a.jpg"))
    assert is_near(colour_at(thumbnails.get(path, 320, known=known), 0.2, 0.5), RED, 60)
    assert is_near(colour_at(thumbnails.get(path, 320, known=known, poster=poster), 0.2, 0.5), GREEN)
    Image.new("RGB", (100, 50), BLUE).save(tmp_path / "other.jpg")
    os.replace(tmp_path / "other.jpg", tmp_path / "a.jpg")
    thumbnails.clear()
    assert is_near(colour_at(thumbnails.get(path, 320, known=known, poster=poster), 0.2, 0.5), RED, 60)


def test_a_film_on_its_side_is_set_upright(thumbnails: Thumbnails, tmp_path: Path) -> None:
    plain = write_video(tmp_path / "plain.mp4")
    with av.open(str(tmp_path / "a.mp4"), "w") as out, av.open(str(plain)) as film:
        stream = out.add_stream_from_template(film.streams.video[0])
        stream.set_display_rotation(90)
        for packet in film.demux(film.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    picture = thumbnails.get(str(tmp_path / "a.mp4"), 320)
    assert (picture.width, picture.height) == (200, 320)
    assert (picture.facts.width, picture.facts.height) == (400, 640)
    assert is_near(colour_at(picture, 0.5, 0.8), RED, 60)


def test_ten_hours(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", frames=[halves((64, 48))] * 101, seconds_between=360)
    picture = thumbnails.get(str(path), 320)
    assert picture.facts.duration_s == pytest.approx(36_000, rel=0.02)
    assert thumbnails.get(str(path), 320, frame=20_000).width == 64


@pytest.mark.parametrize("suffix", ["mkv", "avi", "webm"])
def test_a_broken_index_is_done_without(thumbnails: Thumbnails, tmp_path: Path, suffix: str) -> None:
    codec = {"webm": "libvpx", "avi": "mpeg4"}.get(suffix, "libx264")
    path = write_video(tmp_path / f"a.{suffix}", codec)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"idx1" if suffix == "avi" else b"\x1c\x53\xbb\x6b")
    data[at:] = b"\xa5" * (len(data) - at)
    path.write_bytes(data)
    assert is_near(colour_at(thumbnails.get(str(path), 320), 0.2, 0.5), RED, 60)


def test_the_beginning_of_a_download_is_shown_where_it_tells_enough(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert is_near(colour_at(thumbnails.get(str(path), 320), 0.2, 0.5), RED, 60)


def test_an_unfinished_mp4_cannot_be_shown(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(CannotShow) as told:
        thumbnails.get(str(path), 320)
    assert told.value.problem is Problem.BROKEN


def test_sound_without_pictures(thumbnails: Thumbnails, tmp_path: Path) -> None:
    for name, codec in (("a.mp4", "aac"), ("a.mkv", "aac")):
        with av.open(str(tmp_path / name), "w") as container:
            stream = container.add_stream(codec, rate=8000)
            assert isinstance(stream, av.AudioStream)
            stream.layout = "mono"
            frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            frame.sample_rate = 8000
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            container.mux(stream.encode(frame))
            container.mux(stream.encode())
        with pytest.raises(CannotShow, match=r"There is no picture in it\."):
            thumbnails.get(str(tmp_path / name), 320)


def test_a_video_without_frames(thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"\x1f\x43\xb6\x75")])  # all before the first cluster
    with pytest.raises(CannotShow) as told:
        thumbnails.get(str(path), 320)
    assert told.value.problem in (Problem.NO_PICTURE, Problem.BROKEN)


def test_a_playlist_that_calls_itself_a_video_is_not_followed(thumbnails: Thumbnails, tmp_path: Path) -> None:
    secret = write_video(tmp_path / "secret.ts", "mpeg2video")
    (tmp_path / "a.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n")
    (tmp_path / "b.mp4").write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(CannotShow) as told:
            thumbnails.get(str(tmp_path / name), 320)
        assert told.value.problem is Problem.NOT_MEDIA


def test_blue_stays_right_of_red_with_pixels_that_are_not_square(thumbnails: Thumbnails, tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)
        for _ in range(10):
            still = halves((320, 240)).convert("RGBA")
            container.mux(stream.encode(av.VideoFrame.from_bytes(still.tobytes(), 320, 240)))
        container.mux(stream.encode())
    picture = thumbnails.get(str(tmp_path / "a.mkv"), 1280)
    assert (picture.facts.width, picture.facts.height) == (picture.width, picture.height) == (427, 240)
    assert is_near(colour_at(picture, 0.8, 0.5), BLUE, 60)
