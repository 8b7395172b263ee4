"""The command line: one parser per subcommand, and what a subcommand needs is imported only when it runs.

Exit codes: 0 done, 1 something failed (said on stderr), 2 wrong usage, 3 finished but some files could not be read or
acted on, 130 interrupted, 141 whoever read our output stopped reading (as the shell says it of any program).
"""

import argparse
import gettext
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog_tui import __version__
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.words import DOMAIN, LANGUAGES, LOCALE_DIR, _, choose_language, reason_of
from catalog_tui.previews import PREVIEWS

if TYPE_CHECKING:
    from catalog_tui.config import Settings
    from catalog_tui.core.complaints import Complaint

PROGRAM = "catalog-tui"
COMMON_FLAGS = ("--config", "--language", "--theme", "--preview", "--follow-links", "--no-follow-links", "--version")


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal, which is asked here: argparse loads shutil for it, and that takes 4 ms."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{"width": _columns() - 2, **options})


class _DescribedHelp(argparse.RawDescriptionHelpFormatter, _Help):
    pass


class Subcommand(NamedTuple):
    """One word after `catalog-tui`."""

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Gives the exit code; finds in the namespace also `settings` and the `complaints` about their sources."""
    goes_without_settings: bool = False
    """Whether it can do with None for `settings` where nothing is set: loading what knows them takes 20 ms."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no terminal's charset makes a word into a traceback
    try:
        code = _answered(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except UsageError as error:
        return _say(error, 2)
    except CatalogError as error:
        return _say(error, 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _write_no_more()
        return 141
    except OSError as error:  # what nobody nearer could act on: the disk that standard output goes to is full
        _write_no_more()
        return _say(CatalogError(reason_of(error)), 1)
    return code


def subcommands() -> dict[str, Subcommand]:
    """What can stand after the program's name, in the order of help; no such word: browse."""
    return {
        "scan": Subcommand(_("find duplicates"), _scan_arguments, _scan, goes_without_settings=True),
        "dedupe": Subcommand(_("remove duplicates: show what would be done, or do it"), _dedupe_arguments, _dedupe),
        "trash": Subcommand(_("list, restore or purge what was removed"), _trash_arguments, _trash),
        "undo": Subcommand(_("put back what the last actions removed"), _undo_arguments, _undo),
        "serve": Subcommand(_("serve the archive over HTTP"), _serve_arguments, _serve),
        "thumbs": Subcommand(_("make the thumbnails ahead, so that browsing finds them"), _thumbs_arguments, _thumbs),
        "demo": Subcommand(_("make a small archive of generated media and open it"), _demo_arguments, _demo),
        "cache": Subcommand(_("show or clear what is remembered of an archive"), _cache_arguments, _cache),
        "doctor": Subcommand(_("show what this terminal can do and where things are"), _no_arguments, _doctor),
        "completions": Subcommand(_("print completions for a shell"), _completions_arguments, _completions),
    }


def make_parser(command: str = "") -> argparse.ArgumentParser:
    """The parser of one subcommand, or of browsing ("")."""
    commands = subcommands()
    if command:
        parser = argparse.ArgumentParser(
            f"{PROGRAM} {command}", description=commands[command].help, allow_abbrev=False, formatter_class=_Help
        )
        commands[command].add_arguments(parser)
    else:
        width = max(map(len, commands))
        lines = [f"  {name:{width}}  {subcommand.help}" for name, subcommand in commands.items()]
        parser = argparse.ArgumentParser(
            PROGRAM,
            description="\n".join(
                [_("Browse an archive of downloaded media, or, with one of these words, do more:"), *lines]
            ),
            epilog=_("A folder that bears such a name is opened by ./NAME."),
            formatter_class=_DescribedHelp,
            allow_abbrev=False,
        )
        from catalog_tui.choosing import USUAL_ARCHIVE

        archive_help = _("the archive's folder; without it the one opened last, or {usual}").format(usual=USUAL_ARCHIVE)
        parser.add_argument("archive", nargs="?", metavar="ARCHIVE", help=archive_help)
    _add_common_arguments(parser)
    return parser


def _add_common_arguments(parser: argparse.ArgumentParser) -> None:
    common = parser.add_argument_group(_("settings for this once"))
    common.add_argument("--config", metavar="FILE", help=_("read the settings from this file"))
    common.add_argument("--language", choices=["auto", *LANGUAGES], help=_("the language of the words"))
    common.add_argument("--theme", metavar="NAME", help=_("the colour theme"))
    common.add_argument("--preview", choices=PREVIEWS, help=_("how pictures are drawn"))
    follow_help = _("follow links to site and model folders")
    common.add_argument("--follow-links", action=argparse.BooleanOptionalAction, help=follow_help)
    version_help = _("say which version this is")
    common.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help=version_help)


def _answered(words: list[str]) -> int:
    try:
        return _run(words)
    except SystemExit as asked:  # argparse: --help, --version, wrong usage
        return asked.code if isinstance(asked.code, int) else 1


def _run(words: list[str]) -> int:
    _speak("auto")
    flags, rest = _common_flags(words)
    known = subcommands()
    command = rest[0] if rest and rest[0] in known else ""
    settings: Settings | None = None
    complaints: list[Complaint] = []
    if flags or not command or not known[command].goes_without_settings or _anything_set():
        settings, complaints = _load_settings(flags)
        _speak(settings.language)
    args = make_parser(command).parse_args(rest[1:] if command else rest)
    args.settings, args.complaints = settings, complaints
    if not command:
        return _browse(args)
    for complaint in complaints:
        print(f"{PROGRAM}: {complaint}", file=sys.stderr)
    return subcommands()[command].run(args)


def _anything_set() -> bool:
    """Whether there are settings in the usual file or in the environment."""
    from catalog_tui.core import places

    variables = (name for name in os.environ if name.startswith(places.VARIABLE_PREFIX))
    return any(name not in places.VARIABLES for name in variables) or os.path.exists(places.config_file())


def _load_settings(flags: dict[str, Any]) -> "tuple[Settings, list[Complaint]]":
    from pathlib import Path

    from catalog_tui.config import load_settings

    file = flags.pop("config", None)
    return load_settings(file=Path(file) if file else None, environ=os.environ, flags=flags)


def _common_flags(words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The flags that any subcommand takes, and the other words: looked at first, as the language depends on them."""
    if not any(word.startswith(COMMON_FLAGS) for word in words):
        return {}, words  # most often: a parser takes 0.3 ms to make
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False, formatter_class=_Help)
    _add_common_arguments(parser)
    try:
        found, rest = parser.parse_known_args(words)
    except argparse.ArgumentError:  # the subcommand's own parser will meet it again, and say it with its usage
        return {}, words
    return {name: value for name, value in vars(found).items() if value is not None}, rest


def _speak(wanted: str) -> None:
    """Choose the language for our words, and for argparse's, which ask the process-wide gettext and the environment."""
    os.environ["LANGUAGE"] = choose_language(wanted)
    gettext.bindtextdomain(DOMAIN, LOCALE_DIR)
    gettext.textdomain(DOMAIN)


def _columns() -> int:
    """The width of the terminal, as `shutil.get_terminal_size` says it."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


def _open_closed_streams() -> None:
    """Stand in for the standard streams that were closed for us (`>&-`).

    Else the next file that is opened gets the number, and what somebody writes there (a library, a child process) goes
    into an index or a journal. To write to the closed output stays an error (EBADF), as gnulib's stdopen has it.
    """
    modes = {"stdin": ("r", os.O_RDONLY), "stdout": ("w", os.O_RDONLY), "stderr": ("w", os.O_WRONLY)}
    for name, (mode, flags) in modes.items():
        if getattr(sys, name) is None:
            stream = open(os.open(os.devnull, flags), mode, encoding="utf-8")  # noqa: SIM115 (open until the end)
            setattr(sys, name, stream)


def _write_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit


def _say(error: CatalogError, code: int) -> int:
    print(f"{PROGRAM}: {error}", file=sys.stderr)
    return code


def _browse(args: argparse.Namespace) -> int:
    from catalog_tui.choosing import check_archive, meant_command, usual_archive

    if args.archive:
        root = os.path.abspath(args.archive)
        hint = meant_command(args.archive, subcommands())
    else:
        root, hint = usual_archive(args.settings, args.complaints)
    check_archive(root, hint)
    return _open(root, args)


def _open(root: str, args: argparse.Namespace) -> int:
    """Show the archive. The app is imported here and not before: by now all that can be wrong has been said."""
    from catalog_tui.choosing import check_terminal

    check_terminal()
    from catalog_tui.browsing import browse

    return browse(root, args.settings, args.complaints)


def _scan_arguments(parser: argparse.ArgumentParser) -> None:
    from catalog_tui import scan_command

    scan_command.add_arguments(parser)


def _scan(args: argparse.Namespace) -> int:
    from catalog_tui import scan_command

    return scan_command.run(args)


def _dedupe_arguments(parser: argparse.ArgumentParser) -> None:
    from catalog_tui import dedupe_command

    dedupe_command.add_arguments(parser)


def _dedupe(args: argparse.Namespace) -> int:
    from catalog_tui import dedupe_command

    return dedupe_command.run(args)


def _trash_arguments(parser: argparse.ArgumentParser) -> None:
    from catalog_tui import trash_command

    trash_command.add_arguments(parser)


def _trash(args: argparse.Namespace) -> int:
    from catalog_tui import trash_command

    return trash_command.run(args)


def _undo_arguments(parser: argparse.ArgumentParser) -> None:
    from catalog_tui import trash_command

    trash_command.add_undo_arguments(parser)


def _undo(args: argparse.Namespace) -> int:
    from catalog_tui import trash_command

    return trash_command.run_undo(args)


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    from catalog_tui import serve_command

    serve_command.add_arguments(parser)


def _serve(args: argparse.Namespace) -> int:
    from catalog_tui import serve_command

    return serve_command.run(args)


def _thumbs_arguments(parser: argparse.ArgumentParser) -> None:
    from catalog_tui import thumbs_command

    thumbs_command.add_arguments(parser)


def _thumbs(args: argparse.Namespace) -> int:
    from catalog_tui import thumbs_command

    return thumbs_command.run(args)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    folder_help = _("where to make it; without it, in the cache folder")
    parser.add_argument("folder", nargs="?", metavar="DIR", help=folder_help)
    parser.add_argument("--no-open", action="store_true", help=_("only make it"))


def _demo(args: argparse.Namespace) -> int:
    if not args.no_open:
        from catalog_tui.choosing import check_terminal

        check_terminal()
    from pathlib import Path

    from catalog_tui.core import places
    from catalog_tui.core.names import display
    from catalog_tui.demo import make_demo

    folder = Path(args.folder).absolute() if args.folder else places.cache_dir() / "demo"
    make_demo(folder, progress=_count_up if sys.stderr.isatty() else None)
    made = _("the demo archive is {folder}").format(folder=display(str(folder)))
    print(f"{PROGRAM}: {made}", file=sys.stderr)
    return 0 if args.no_open else _open(str(folder), args)


def _count_up(done: int, total: int) -> None:
    line = _("making the demo: {done} of {total} files").format(done=done, total=total)
    print(f"\r{line}", end="\r\x1b[K" if done == total else "", file=sys.stderr, flush=True)


def _cache_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["stats", "clear"], help=_("show what is kept, or delete it"))
    archive_help = _("the archive's folder; without it only the thumbnails, which all archives share")
    parser.add_argument("archive", nargs="?", metavar="ARCHIVE", help=archive_help)
    parser.add_argument("--format", choices=["table", "json"], default="table", help=_("how stats are printed"))
    parser.add_argument("--thumbnails", action="store_true", help=_("clear the thumbnails of all archives too"))


def _cache(args: argparse.Namespace) -> int:
    from catalog_tui import cache_command

    return cache_command.run(args.what, args.archive, args.format, thumbnails=args.thumbnails)


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """A subcommand that takes none."""


def _doctor(args: argparse.Namespace) -> int:
    from catalog_tui import doctor

    return doctor.run(args.settings, args.complaints)


def _completions_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=["bash", "zsh", "fish"], help=_("your shell"))


def _completions(args: argparse.Namespace) -> int:
    from catalog_tui import completions

    parsers = {command: make_parser(command) for command in ("", *subcommands())}
    helps = {command: subcommand.help for command, subcommand in subcommands().items()}
    print(completions.script(args.shell, PROGRAM, parsers, helps), end="")
    return 0
