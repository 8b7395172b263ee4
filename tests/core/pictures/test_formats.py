"""Every format that the browser lists is shown; orientation, colours, animations are as they should be."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from catalog_tui.core.kinds import Kind
from catalog_tui.core.thumbnails import Size, Thumbnails
from tests.core.pictures.looking import colour_at, is_near
from tests.core.pictures.samples import BLUE, PICTURE_SUFFIXES, RED, VIDEOS, halves, write_picture, write_video
from tests.corpus import write_corpus

FORMS = {"jpeg": "jpg", "m4v": "mp4", "mov": "mov", "ogv": "ogg"}


@pytest.mark.parametrize("suffix", PICTURE_SUFFIXES)
@pytest.mark.parametrize("size", [320, 1280])
def test_pictures(thumbnails: Thumbnails, tmp_path: Path, suffix: str, size: Size) -> None:
    path = write_picture(tmp_path / f"a.{suffix}")
    picture = thumbnails.get(str(path), size)
    assert (picture.width, picture.height) == ((320, 200) if size == 320 else (640, 400))
    assert is_near(colour_at(picture, 0.2, 0.5), RED)
    assert is_near(colour_at(picture, 0.8, 0.5), BLUE)
    facts = picture.facts
    assert (facts.kind, facts.form, facts.width, facts.height) == (Kind.IMAGE, FORMS.get(suffix, suffix), 640, 400)
    assert facts.frames == 1


@pytest.mark.parametrize(("suffix", "codec", "pixel_format"), VIDEOS)
def test_videos(thumbnails: Thumbnails, tmp_path: Path, suffix: str, codec: str, pixel_format: str) -> None:
    path = write_video(tmp_path / f"a.{suffix}", codec, pixel_format)
    picture = thumbnails.get(str(path), 320)
    assert (picture.width, picture.height) == (320, 200)
    assert is_near(colour_at(picture, 0.2, 0.5), RED, 60)
    assert is_near(colour_at(picture, 0.8, 0.5), BLUE, 60)
    facts = picture.facts
    assert (facts.kind, facts.form, facts.width, facts.height) == (Kind.VIDEO, FORMS.get(suffix, suffix), 640, 400)
    assert facts.codec is not None
    assert facts.duration_s == pytest.approx(3, abs=0.3)
    assert thumbnails.get(str(path), 320, frame=2.0).width == 320


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
def test_orientation_is_honoured(thumbnails: Thumbnails, tmp_path: Path, suffix: str, orientation: int) -> None:
    """Stored so that, turned as EXIF says, red is above and green left of the middle."""
    upright = Image.new("RGB", (300, 480), BLUE)
    upright.paste(RED, (0, 0, 300, 160))
    upright.paste((30, 160, 30), (0, 160, 150, 480))
    undo = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[orientation]
    stored = upright
    for turn in undo:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{suffix}"
    stored.save(path, exif=exif)
    for size in (320, 1280):
        picture = thumbnails.get(str(path), size)
        assert (picture.facts.width, picture.facts.height) == (300, 480)
        assert picture.height > picture.width
        assert is_near(colour_at(picture, 0.5, 0.1), RED)
        assert is_near(colour_at(picture, 0.2, 0.8), (30, 160, 30))
        assert is_near(colour_at(picture, 0.8, 0.8), BLUE)


def test_facts_of_a_photograph(thumbnails: Thumbnails, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "Maker\0", "  One  "
    exif.get_ifd(0x8769)[0x9003] = "2024:05:31 18:02:11"
    halves().save(tmp_path / "a.jpg", exif=exif)
    facts = thumbnails.facts(str(tmp_path / "a.jpg"))
    assert (facts.width, facts.height, facts.orientation) == (400, 640, 6)
    assert (facts.taken, facts.camera) == ("2024-05-31 18:02:11", "Maker One")


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "avif"])
def test_an_animation_gives_its_first_picture_and_their_number(
    thumbnails: Thumbnails, tmp_path: Path, suffix: str
) -> None:
    pictures = [Image.new("RGB", (80, 60), colour) for colour in (RED, BLUE, (30, 160, 30))]
    pictures[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=pictures[1:], duration=100)
    picture = thumbnails.get(str(tmp_path / f"a.{suffix}"), 320)
    assert is_near(colour_at(picture, 0.5, 0.5), RED)
    assert picture.facts.frames == 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_way_to_store_grey_is_the_same_grey(thumbnails: Thumbnails, tmp_path: Path, mode: str) -> None:
    """White on the left, dark grey on the right (of a bilevel picture black)."""
    grey = Image.new("L", (64, 48), 255)
    grey.paste(0 if mode == "1" else 60, (32, 0, 64, 48))
    if mode in ("I;16", "I"):
        image = grey.convert("I").point(lambda level: level * 257)
        image = image.convert("I;16") if mode == "I;16" else image
    elif mode == "F":
        image = grey.convert("F").point(lambda level: level / 255 - 0.2)
    else:
        image = grey.convert("RGB").convert(mode) if mode not in ("L", "1", "P") else grey.convert(mode)
    image.save(tmp_path / "a.tiff")
    picture = thumbnails.get(str(tmp_path / "a.tiff"), 320)
    assert is_near(colour_at(picture, 0.2, 0.5), (255, 255, 255), 12)
    dark = 0 if mode in ("1", "F") else 60  # of floats nobody says what is black, so the darkest is
    assert is_near(colour_at(picture, 0.8, 0.5), (dark, dark, dark), 12)


def test_16_bit_png(thumbnails: Thumbnails, tmp_path: Path) -> None:
    Image.new("I;16", (64, 48), 0x8000).save(tmp_path / "a.png")
    assert is_near(colour_at(thumbnails.get(str(tmp_path / "a.png"), 320), 0.5, 0.5), (128, 128, 128), 6)


def test_cmyk_jpeg(thumbnails: Thumbnails, tmp_path: Path) -> None:
    halves().convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    picture = thumbnails.get(str(tmp_path / "a.jpg"), 320)
    assert is_near(colour_at(picture, 0.2, 0.5), RED, 30)
    assert is_near(colour_at(picture, 0.8, 0.5), BLUE, 30)


@pytest.mark.parametrize("suffix", ["png", "webp", "gif", "avif"])
def test_what_is_transparent_has_a_neutral_ground(thumbnails: Thumbnails, tmp_path: Path, suffix: str) -> None:
    image = Image.new("RGBA", (600, 400), (255, 0, 0, 0))
    image.paste((255, 255, 255, 255), (300, 0, 600, 400))
    image.save(tmp_path / f"a.{suffix}")
    picture = thumbnails.get(str(tmp_path / f"a.{suffix}"), 320)
    assert is_near(colour_at(picture, 0.2, 0.5), (128, 128, 128), 10)
    assert is_near(colour_at(picture, 0.8, 0.5), (255, 255, 255), 10)


def test_a_palette_with_a_transparent_entry(thumbnails: Thumbnails, tmp_path: Path) -> None:
    image = Image.new("P", (64, 48), 0)
    image.putpalette([255, 0, 0, 255, 255, 255])
    image.paste(1, (32, 0, 64, 48))
    image.save(tmp_path / "a.png", transparency=0)
    picture = thumbnails.get(str(tmp_path / "a.png"), 320)
    assert is_near(colour_at(picture, 0.2, 0.5), (128, 128, 128), 10)
    assert is_near(colour_at(picture, 0.8, 0.5), (255, 255, 255), 10)


def test_colours_meant_for_another_space_are_converted(thumbnails: Thumbnails, tmp_path: Path) -> None:
    """XYZ stands for any profile: taken as sRGB its white would be pink."""
    srgb, xyz = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    lab = ImageCms.profileToProfile(halves(), srgb, xyz, outputMode="LAB")
    assert lab is not None
    lab.save(tmp_path / "a.tiff", icc_profile=ImageCms.ImageCmsProfile(xyz).tobytes())
    assert is_near(colour_at(thumbnails.get(str(tmp_path / "a.tiff"), 320), 0.2, 0.5), RED, 30)


def test_a_profile_of_nonsense_is_passed_over(thumbnails: Thumbnails, tmp_path: Path) -> None:
    halves().save(tmp_path / "a.jpg", icc_profile=b"no profile at all" * 20)
    assert is_near(colour_at(thumbnails.get(str(tmp_path / "a.jpg"), 320), 0.2, 0.5), RED)


def test_a_wrong_suffix_does_not_matter(thumbnails: Thumbnails, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(write_picture(tmp_path / "b.webp").read_bytes())
    (tmp_path / "c").write_bytes(write_video(tmp_path / "d.mp4").read_bytes())
    assert thumbnails.get(str(tmp_path / "a.jpg"), 320).facts.form == "webp"
    assert thumbnails.get(str(tmp_path / "c"), 320).facts.kind is Kind.VIDEO


def test_names_of_any_bytes(thumbnails: Thumbnails, tmp_path: Path) -> None:
    names = write_corpus(tmp_path / "model")
    assert len(names) > 100
    for name in names:
        path = os.fsdecode(os.path.join(os.fsencode(tmp_path), b"model", name))
        assert thumbnails.get(path, 320).width == 8
        assert thumbnails.cached(path, 320) is not None


def test_a_path_longer_than_the_system_takes(thumbnails: Thumbnails, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    halves((20, 10)).save(buffer, "PNG")
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(25):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("a.png").write_bytes(buffer.getvalue())
    finally:
        os.chdir(before)
    path = os.path.join(tmp_path, *["d" * 200] * 25, "a.png")
    assert thumbnails.get(path, 320).width == 20
