"""How downloaders name what they save, and what they write beside it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

_SUBJECTS: Final = ("Light study", "Low tide", "After rain", "North window", "Old pier", "Slow morning", "Second draft")
_ESTUDOS: Final = ("Estudo de luz", "Maré baixa", "Depois da chuva", "Janela norte", "Cais velho", "Manhã lenta")


@dataclass(frozen=True, slots=True)
class Post:
    """One picture as it was posted: the model's name, its number there (from 1), and when (UTC)."""

    model: str
    number: int
    date: datetime


@dataclass(frozen=True, slots=True)
class Name:
    """A file's name without extension, and its side-files: what follows that name (or all of it) to their text."""

    stem: str
    side_files: Mapping[str, str]


Naming = Callable[[Random, Post], Name]


def numbered(rng: Random, post: Post) -> Name:
    """`img7`: not padded, so that only a natural sort has it before `img10`."""
    return Name(f"img{post.number}", {})


def spaced(rng: Random, post: Post) -> Name:
    """`Marina Azul 7`."""
    return Name(f"{post.model} {post.number}", {})


def camera(rng: Random, post: Post) -> Name:
    """`DSC_0007`."""
    return Name(f"DSC_{post.number:04}", {})


def digest(rng: Random, post: Post) -> Name:
    """A hexadecimal digest, as image boards name files."""
    return Name(rng.randbytes(16).hex(), {})


def paged(rng: Random, post: Post) -> Name:
    """`108324177_p0`: the work's number and the page in it."""
    return Name(f"{108_000_000 + post.number // 4 * 32417}_p{post.number % 4}", {})


def by_post(rng: Random, post: Post) -> Name:
    """`1718203040506070812_1`, as gallery-dl has it, with its `.json` of everything known."""
    post_id = 1_200_000_000_000_000_000 + int(post.date.timestamp()) * 10**8 + post.number
    facts = {
        "category": "demo",
        "post_id": post_id,
        "num": 1,
        "date": f"{post.date:%Y-%m-%d %H:%M:%S}",
        "title": rng.choice(_SUBJECTS),
        "author": {"name": post.model},
        "tags": rng.sample(("evening", "pattern", "blue hour", "grain", "wide"), 2),
    }
    return Name(f"{post_id}_1", {"{file}.json": json.dumps(facts, indent=4, ensure_ascii=False)})


def by_moment(rng: Random, post: Post) -> Name:
    """`2024-03-17_18-30-42_UTC`, as instaloader has it, with a caption now and then."""
    stem = f"{post.date:%Y-%m-%d_%H-%M-%S}_UTC"
    caption = f"{rng.choice(_SUBJECTS)}, no. {post.number}\n"
    return Name(stem, {"{stem}.txt": caption} if post.number % 3 == 0 else {})


def titled(rng: Random, post: Post) -> Name:
    """`Maré baixa [k3Xw9_a2BcQ]`, as yt-dlp has it, with its `.info.json`."""
    video_id = "".join(rng.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789_-", k=11))
    title = rng.choice(_ESTUDOS)
    facts = {"id": video_id, "title": title, "uploader": post.model, "upload_date": f"{post.date:%Y%m%d}"}
    return Name(f"{post.date:%Y%m%d} {title} [{video_id}]", {"{stem}.info.json": json.dumps(facts, ensure_ascii=False)})
