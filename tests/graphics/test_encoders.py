"""What each way of drawing writes shows the picture: read back to pixels, it is what went in."""

import os
import re
from io import BytesIO
from itertools import groupby

import pytest
from PIL import Image, ImageChops

from catalog_tui.graphics.drawing import Cells, CellSize, Encoder, fit
from catalog_tui.graphics.half_blocks import HalfBlocks
from catalog_tui.graphics.iterm import ITerm
from catalog_tui.graphics.kitty import DIACRITICS, PLACEHOLDER, Kitty
from catalog_tui.graphics.sixel import COLOURS, Sixel
from tests.graphics.conftest import make_picture
from tests.graphics.decoding import (
    CONSOLE,
    image_of_blocks,
    image_of_iterm,
    image_of_sixel,
    kitty_commands,
    on_screen,
    unwrapped,
)

CELL = CellSize(8, 15)


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    """Of 255, over all pixels and colours."""
    assert one.size == other.size
    data = ImageChops.difference(one, other).tobytes()
    return sum(data) / len(data)


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (7, 3), (40, 20)])
def test_half_blocks_show_every_pixel(columns: int, rows: int) -> None:
    image = make_picture(columns, 2 * rows)
    drawing = HalfBlocks().draw(image, Cells(columns, rows), CELL)
    assert [line.cell_length for line in drawing.lines] == [columns] * rows
    assert image_of_blocks(on_screen(drawing.lines, columns)).tobytes() == image.tobytes()


def test_cells_alike_are_written_together() -> None:
    drawing = HalfBlocks().draw(Image.new("RGB", (30, 4), (9, 9, 9)), Cells(30, 2), CELL)
    assert [len(list(line)) for line in drawing.lines] == [1, 1]
    assert all(len(line.render(CONSOLE)) < 60 for line in drawing.lines)


@pytest.mark.parametrize("in_tmux", [False, True])
def test_kitty_is_sent_the_picture_and_cells_that_stand_for_it(picture: Image.Image, in_tmux: bool) -> None:
    drawing = Kitty(in_tmux=in_tmux, first_id=0x123456).draw(picture, Cells(10, 4), CELL)
    text = unwrapped(drawing.sent) if in_tmux else drawing.sent
    ((control, data),) = kitty_commands(text)
    assert control | {"m": ""} == {
        "a": "T", "U": "1", "f": "100", "q": "2", "i": str(0x123456), "c": "10", "r": "4", "m": ""
    }  # fmt: skip
    with Image.open(BytesIO(data)) as sent:
        assert sent.convert("RGB").tobytes() == picture.tobytes()
    assert drawing.image_id == 0x123456
    for row, line in enumerate(drawing.lines):
        assert line.cell_length == 10
        assert line.text == "".join(PLACEHOLDER + DIACRITICS[row] + DIACRITICS[column] for column in range(10))
        (colour,) = {segment.style.color for segment in line if segment.style is not None}
        assert colour is not None
        assert colour.get_truecolor().hex == "#123456"


def test_a_part_of_a_line_of_placeholders_still_says_which_cells_it_is(picture: Image.Image) -> None:
    line = Kitty().draw(picture, Cells(10, 4), CELL).lines[2].crop(3, 6)
    assert line.text == "".join(PLACEHOLDER + DIACRITICS[2] + DIACRITICS[column] for column in (3, 4, 5))


def test_there_are_as_many_diacritics_as_the_protocol_has() -> None:
    assert len(set(DIACRITICS)) == 297
    assert (DIACRITICS[0], DIACRITICS[1], DIACRITICS[-1]) == ("\u0305", "\u030d", "\U0001d244")


def test_no_two_pictures_have_one_identifier_and_each_can_be_forgotten(picture: Image.Image) -> None:
    kitty = Kitty(first_id=0xFFFFFF)
    drawings = [kitty.draw(picture, Cells(2, 1), CELL) for _ in range(3)]
    assert [drawing.image_id for drawing in drawings] == [0xFFFFFF, 1, 2]
    ((control, _data),) = kitty_commands(kitty.forget(drawings[2].image_id))
    assert (control["a"], control["d"], control["i"]) == ("d", "I", "2")


def test_iterm_is_sent_the_picture_for_its_cells(picture: Image.Image) -> None:
    drawing = ITerm().draw(picture, Cells(10, 4), CELL)
    arguments, image = image_of_iterm(drawing.over)
    assert (arguments["width"], arguments["height"], arguments["inline"]) == ("10", "4", "1")
    smooth = make_picture(80, 60).resize((40, 30))
    assert mean_difference(image.resize((40, 30)), smooth) < 8  # it is a JPEG


@pytest.mark.parametrize("size", [(1, 6), (13, 12), (80, 60), (33, 7)])
def test_sixel_draws_the_picture_in_its_colours(size: tuple[int, int]) -> None:
    image = make_picture(*size)
    drawing = Sixel().draw(image, Cells(10, 4), CELL)
    assert image_of_sixel(drawing.over).size == size
    in_few_colours = image.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    assert mean_difference(image_of_sixel(drawing.over), in_few_colours) < 1.5  # its colours are in hundredths


def test_a_sixel_of_few_colours_is_exact() -> None:
    image = Image.new("RGB", (20, 12), (255, 0, 0))
    image.paste((0, 0, 255), (3, 5, 9, 11))
    assert image_of_sixel(Sixel().draw(image, Cells(3, 1), CELL).over).tobytes() == image.tobytes()


def test_a_sixel_ends_above_the_next_row() -> None:
    for cell in (CellSize(8, 15), CellSize(10, 20), CellSize(7, 14)):
        for rows in range(1, 40):
            _width, height = Sixel().pixel_size(Cells(5, rows), cell)
            assert height <= rows * cell.height
            assert height % 6 == 0 or rows * cell.height < 6


@pytest.mark.parametrize("encoder", [Kitty(most_bytes=20_000), ITerm(most_bytes=20_000), Sixel(most_bytes=20_000)])
def test_a_picture_for_a_slow_line_keeps_within_its_bytes(encoder: Encoder) -> None:
    noise = Image.frombytes("RGB", (400, 300), os.urandom(3 * 400 * 300))
    drawing = encoder.draw(noise, Cells(50, 20), CELL)
    overhead = 100 + 12 * len(re.findall("\x1b_G", drawing.sent))
    assert len(drawing.sent) + len(drawing.over) <= 20_000 + overhead


def test_pictures_keep_their_shape_and_stay_within_the_room() -> None:
    room = Cells(40, 20)
    for width, height in [(4000, 3000), (3000, 4000), (10_000, 10), (10, 10_000), (500, 500), (1, 1)]:
        cells = fit(width, height, room, CELL)
        assert 1 <= cells.columns <= room.columns
        assert 1 <= cells.rows <= room.rows
        if min(width, height) > 100:
            assert abs(cells.columns * CELL.width / (cells.rows * CELL.height) / (width / height) - 1) < 0.1


def test_an_icon_is_not_blown_up() -> None:
    cells = fit(16, 16, Cells(200, 100), CELL)
    assert cells.columns * CELL.width <= 16 * 3 + CELL.width


def test_lines_never_hold_what_moves_the_cursor(picture: Image.Image) -> None:
    for encoder in (HalfBlocks(), Kitty()):
        image = picture.resize(encoder.pixel_size(Cells(10, 4), CELL))
        for line in encoder.draw(image, Cells(10, 4), CELL).lines:
            assert {kind for kind, _group in groupby(re.findall("\x1b\\[[0-9;]*(.)", line.render(CONSOLE)))} == {"m"}
