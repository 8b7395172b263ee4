"""What was written for a terminal, read back to pixels as the terminal would."""

import re
from base64 import b64decode
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import pyte
from PIL import Image
from rich.console import Console
from textual.strip import Strip

KITTY = re.compile("\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\\\")
PASSED = re.compile("\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\\\")
SIXEL_TOKEN = re.compile("#([0-9]+)(?:;2;([0-9]+);([0-9]+);([0-9]+))?|!([0-9]+)(.)|([$-])|([?-~])")
SIXEL = re.compile("\x1bP[0-9;]*q(.*?)\x1b\\\\", re.DOTALL)
ITERM = re.compile("\x1b\\]1337;File=([^:]*):([^\x07]*)\x07")
CONSOLE = Console(color_system="truecolor", force_terminal=True)


class Sent(NamedTuple):
    """One of kitty's commands with its data put together."""

    control: dict[str, str]
    data: bytes


def on_screen(lines: Sequence[Strip], columns: int) -> pyte.Screen:
    """The lines in a terminal."""
    screen = pyte.Screen(columns, len(lines))
    pyte.Stream(screen).feed("\r\n".join(line.render(CONSOLE) for line in lines))
    return screen


def image_of_blocks(screen: pyte.Screen) -> Image.Image:
    """The pixels that half blocks and spaces show."""
    image = Image.new("RGB", (screen.columns, 2 * screen.lines))
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            assert cell.data in "▀ "
            lower = bytes.fromhex(cell.bg)
            image.putpixel((x, 2 * y), tuple(bytes.fromhex(cell.fg) if cell.data == "▀" else lower))
            image.putpixel((x, 2 * y + 1), tuple(lower))
    return image


def unwrapped(text: str) -> str:
    """What tmux hands on of `text`: only what is wrapped for that, and it unwrapped."""
    return "".join(found.replace("\x1b\x1b", "\x1b") for found in PASSED.findall(text))


def kitty_commands(text: str) -> list[Sent]:
    """Kitty's commands, those in several parts put together."""
    commands: list[Sent] = []
    payload = ""
    control: dict[str, str] = {}
    for head, body in KITTY.findall(text):
        keys = dict(part.split("=", 1) for part in head.split(","))
        assert len(body) <= 4096
        control = control or keys
        payload += body
        if keys.get("m", "0") == "0":
            commands.append(Sent(control, b64decode(payload)))
            control, payload = {}, ""
    assert not control
    return commands


def image_of_iterm(text: str) -> tuple[dict[str, str], Image.Image]:
    """The arguments of iTerm2's sequence and its picture."""
    ((arguments, payload),) = ITERM.findall(text)
    data = b64decode(payload)
    values = dict(part.split("=", 1) for part in arguments.split(";"))
    assert int(values["size"]) == len(data)
    return values, Image.open(BytesIO(data)).convert("RGB")


def image_of_sixel(text: str) -> Image.Image:
    """The picture that a sixel sequence draws (DEC STD 070), black where it sets nothing."""
    (body,) = SIXEL.findall(text)
    raster = re.match('"1;1;([0-9]+);([0-9]+)', body)
    assert raster is not None
    width, height = int(raster[1]), int(raster[2])
    image = Image.new("RGB", (width, height))
    colours: dict[int, tuple[int, int, int]] = {}
    colour = x = y = 0
    for token in re.finditer(
        "#([0-9]+)(?:;2;([0-9]+);([0-9]+);([0-9]+))?|!([0-9]+)(.)|([$-])|([?-~])", body[raster.end() :]
    ):
        if token[1] is not None:
            colour = int(token[1])
            if token[2] is not None:
                red, green, blue = (round(int(token[part]) * 2.55) for part in (2, 3, 4))
                colours[colour] = (red, green, blue)
            continue
        if token[7] is not None:
            x, y = 0, y + 6 if token[7] == "-" else y
            continue
        count, character = (int(token[5]), token[6]) if token[5] is not None else (1, token[8])
        for _repeat in range(count):
            for bit in range(6):
                if ord(character) - 63 >> bit & 1:
                    image.putpixel((x, y + bit), colours[colour])
            x += 1
    return image
