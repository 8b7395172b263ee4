"""Shell completions for bash, zsh and fish, made from the same parsers that read the command line.

A folder or a subcommand can stand in the first place, so both are offered there: shtab, which knows bash and zsh,
cannot say that and knows no fish.
"""

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

FOLDERS = ("ARCHIVE", "DIR")
FILES = ("FILE",)


class Option(NamedTuple):
    """One flag, in all its spellings."""

    spellings: Sequence[str]
    help: str
    takes_value: bool
    values: Sequence[str]
    """What can follow, where that is a fixed list."""
    metavar: str
    """FOLDERS and FILES are completed as such."""


class Syntax(NamedTuple):
    """What can follow one subcommand."""

    options: list[Option]
    words: list[str]
    """Words that can stand for themselves, as `stats`."""
    takes_folder: bool


def script(shell: str, program: str, parsers: Mapping[str, argparse.ArgumentParser], helps: Mapping[str, str]) -> str:
    """The completion script of `shell` (bash, zsh or fish); `parsers` and `helps` by subcommand, "" for none."""
    syntaxes = {command: _syntax(parser) for command, parser in parsers.items()}
    writer = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]
    return "\n".join(writer(program, syntaxes, helps)) + "\n"


def _syntax(parser: argparse.ArgumentParser) -> Syntax:
    syntax = Syntax([], [], any(action.metavar in FOLDERS for action in parser._actions if not action.option_strings))
    for action in parser._actions:
        values = [str(value) for value in action.choices or ()]
        if action.option_strings:
            text = (action.help or "") % {"prog": parser.prog, "default": action.default}
            metavar = str(action.metavar or "")
            syntax.options.append(Option(action.option_strings, text, action.nargs != 0, values, metavar))
        else:
            syntax.words.extend(values)
    return syntax


def _bash(program: str, syntaxes: Mapping[str, Syntax], helps: Mapping[str, str]) -> Iterator[str]:
    function = "_" + program.replace("-", "_")
    yield f"# bash completion for {program}: source this file, or put it in ~/.local/share/bash-completion/completions"
    yield f"{function}() {{"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
    yield '    local command="" words="" kind=none line i'
    yield "    for ((i = 1; i < COMP_CWORD; i++)); do"
    yield f"        case ${{COMP_WORDS[i]}} in {'|'.join(helps)}) command=${{COMP_WORDS[i]}}; break ;; esac"
    yield "    done"
    yield '    case "$command:$before" in'
    for command, syntax in syntaxes.items():
        for option in syntax.options:
            if option.takes_value:
                pattern = "|".join(f'"{command}:{spelling}"' for spelling in option.spellings)
                yield f"        {pattern}) {_bash_value(option)} ;;"
    for command, syntax in syntaxes.items():
        flags = " ".join(spelling for option in syntax.options for spelling in option.spellings)
        words = " ".join([*syntax.words, *([] if command else helps)])
        kind = "folder" if syntax.takes_folder else "none"
        yield f'        "{command}:"*) words="{words}" kind={kind}; [[ $word == -* ]] && words="{flags}" kind=none ;;'
    yield "    esac"
    yield "    COMPREPLY=()"
    yield '    while IFS= read -r line; do COMPREPLY+=("$line"); done < <('
    yield '        compgen -W "$words" -- "$word"'
    yield '        [[ $kind == folder ]] && compgen -d -- "$word"'
    yield '        [[ $kind == file ]] && compgen -f -- "$word"'
    yield "    )"
    yield "}"
    yield f"complete -o filenames -F {function} {program}"


def _bash_value(option: Option) -> str:
    kind = "folder" if option.metavar in FOLDERS else "file" if option.metavar in FILES else "none"
    return f'words="{" ".join(option.values)}" kind={kind}'


def _zsh(program: str, syntaxes: Mapping[str, Syntax], helps: Mapping[str, str]) -> Iterator[str]:
    function = "_" + program.replace("-", "_")
    yield f"#compdef {program}"
    yield f"# Put this file, named {'_' + program}, in a folder of your fpath."
    yield f"{function}_first() {{"
    yield "    local -a commands=("
    for command, text in helps.items():
        yield f"        {_quoted(f'{command}:{text}')}"
    yield "    )"
    yield "    _describe command commands"
    yield "    _files -/"
    yield "}"
    yield f"{function}() {{"
    yield "    local curcontext=$curcontext state line"
    yield "    typeset -A opt_args"
    yield f"    _arguments -C {_zsh_options(syntaxes[''])} '1:archive:{function}_first' '*::rest:->rest'"
    yield "    [[ $state == rest ]] || return"
    yield "    case $line[1] in"
    for command in helps:
        syntax = syntaxes[command]
        places = [_quoted(f":word:({' '.join(syntax.words)})")] if syntax.words else []
        places += ["':archive:_files -/'"] if syntax.takes_folder else []
        yield f"        {command}) _arguments {' '.join([_zsh_options(syntax), *places])} ;;"
    yield "    esac"
    yield "}"
    yield f'if [[ $funcstack[1] == {"_" + program} ]]; then {function} "$@"; else compdef {function} {program}; fi'


def _zsh_options(syntax: Syntax) -> str:
    specs = []
    for option in syntax.options:
        text = re.sub(r"([\[\]:\\])", r"\\\1", option.help)
        value = ""
        if option.takes_value:
            folders, files = option.metavar in FOLDERS, option.metavar in FILES
            what = f"({' '.join(option.values)})" if option.values else "_files -/" * folders + "_files" * files
            value = f":value:{what or ' '}"
        others = f"({' '.join(option.spellings)})" if len(option.spellings) > 1 else ""
        specs += [_quoted(f"{others}{spelling}[{text}]{value}") for spelling in option.spellings]
    return " ".join(specs)


def _fish(program: str, syntaxes: Mapping[str, Syntax], helps: Mapping[str, str]) -> Iterator[str]:
    yield f"# fish completion for {program}: put this file, named {program}.fish, in ~/.config/fish/completions"
    yield f"complete -c {program} -f"
    none_yet = f"not __fish_seen_subcommand_from {' '.join(helps)}"
    for command, text in helps.items():
        yield f"complete -c {program} -n '{none_yet}' -a {command} -d {_quoted(text)}"
    for command, syntax in syntaxes.items():
        when = f"-n '__fish_seen_subcommand_from {command}'" if command else f"-n '{none_yet}'"
        for option in syntax.options:
            yield f"complete -c {program} {when} {_fish_option(option)}"
        if syntax.words:
            yield f"complete -c {program} {when} -a '{' '.join(syntax.words)}'"
        if syntax.takes_folder:
            yield f"complete -c {program} {when} -a '(__fish_complete_directories)'"


def _fish_option(option: Option) -> str:
    parts = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.spellings]
    parts.append(f"-d {_quoted(option.help)}")
    if option.values:
        parts.append(f"-x -a '{' '.join(option.values)}'")
    elif option.metavar in FOLDERS:
        parts.append("-x -a '(__fish_complete_directories)'")
    elif option.takes_value:
        parts.append("-r -F" if option.metavar in FILES else "-x")
    return " ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
