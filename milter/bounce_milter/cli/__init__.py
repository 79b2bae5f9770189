"""The command line: serve, explain, annotate, check, codes.

Rule: exit status 0 done; 1 findings of `check`, or a socket that `serve` cannot open now; 2 usage, or input that cannot
be read or is none: what else there is to explain is explained all the same. Where nobody reads the output any more, the
program ends by SIGPIPE, at Ctrl-C by SIGINT, as others do, and says nothing: a shell's loop ends with it, and status 1
stays a finding. What is heavy is imported by the command that needs it, so that help comes at once.
"""

import errno
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import click
import msgspec

from bounce_milter import __version__
from bounce_milter.catalogue import Catalogue
from bounce_milter.cli.inputs import Input, messages, of_file, of_lines, paths, standard_input
from bounce_milter.explain import Knowledge, Report, explain, explain_reply
from bounce_milter.explain.line import json_line, to_json
from bounce_milter.header import clean
from bounce_milter.misfit import first_of
from bounce_milter.resources import DEFAULT_CONFIG
from bounce_milter.settings import Settings

#: How a reply begins: a reply code, a sign that more lines follow, or an enhanced status code.
_CODE = re.compile(r"(?:\d{3}(?:-(?:\d\.\d.*)?|[:;,]?)|\d\.\d{1,3}\.\d{1,3}[:;,]?)\Z")
#: How the last word ends where a file is meant; a reply may speak of such a file too, behind its code.
_FILES = (".eml", ".mbox", ".msg", ".txt", ".mbx", ".mail", ".log", ".json")
_TOLD_CHARS = 1000


@contextmanager
def _streams() -> Iterator[None]:
    """End the program where a standard stream fails: status 2, SIGPIPE where nobody reads it."""
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it goes nowhere
        if error.errno == errno.EPIPE:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it
            signal.raise_signal(signal.SIGPIPE)
        _complain(error.filename or "standard output", error.strerror or str(error))
        sys.exit(2)


class _Helping(click.Command):
    """A command whose help, which is written while its options are read, may meet a stream that fails."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the options."""
        with _streams():
            return super().make_context(*args, **extra)


class _Program(_Helping, click.Group):
    """The command that holds the others."""


class _Writing(_Helping):
    """A command whose output is its work: what the terminal cannot show stands as "?", a failure to write is told."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        if sys.stdout is None:
            _complain("standard output", "closed")
            sys.exit(2)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        try:
            with _streams():
                try:
                    return super().invoke(ctx)
                finally:
                    sys.stdout.flush()
        except KeyboardInterrupt:
            pass  # with it goes what its frames hold open, as the bar on a terminal
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        return None


def _named(_context: click.Context, _option: click.Parameter, file: str | None) -> str | None:
    """Refuse a file without a name: a script's variable that is empty would mean the folder of now."""
    if file == "":
        raise click.BadParameter("an empty name names no file")
    return file


_CONFIG = click.option(
    "--config",
    type=click.Path(readable=False),
    callback=_named,
    help=f"The configuration file; without it {DEFAULT_CONFIG}.",
)
_LANGUAGE = click.option("--language", help="The language of the words; the configured one without it.")


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bounce-milter")
def main() -> None:
    """Explain bounces: what happened, who must act, what to do next, on what evidence."""


@main.command(cls=_Helping, short_help="Run the milter.")
@_CONFIG
@click.option("--allow-root", is_flag=True, help="Run as root, which is refused otherwise.")
def serve(config: str | None, allow_root: bool) -> None:
    """Run the milter in the foreground; SIGHUP reloads, SIGTERM ends it when its mail is done."""
    from bounce_milter import daemon

    sys.exit(daemon.serve(config, allow_root=allow_root))


@main.command("explain", cls=_Writing)
@click.argument("what", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on a line for each message.")
@click.option(
    "--replies",
    type=click.Path(readable=False),
    callback=_named,
    help=r"A file with one server reply a line, or - for standard input; \n stands for a line break.",
)
@click.option("--why", is_flag=True, help="Show every rule that matched, and why the winner won.")
@_LANGUAGE
@_CONFIG
def explain_command(
    what: tuple[str, ...], as_json: bool, replies: str | None, why: bool, language: str | None, config: str | None
) -> None:
    """Explain messages or server replies.

    WHAT is a message file, an mbox, a Maildir, a folder (every file below it), - for standard input, or a reply such
    as "550 5.1.1 User unknown" or "550".
    """
    if "" in what or not (what or replies):  # a script's variable that is empty names nothing
        raise click.UsageError("say what to explain: a file, a folder, - or a reply text")
    if why and as_json:
        raise click.UsageError("--why is for reading; leave out --json")
    settings, knowledge = _loaded(config, language)
    language = language or settings.annotate.language
    tell = _teller(knowledge, as_json=as_json, why=why)
    failed = False
    for source, judge, error in _asked(what, replies, knowledge, language):
        error = error if judge is None else _guarded(source, judge, tell)
        failed |= error is not None
        if error is not None and as_json:
            _write(json_line({"source": source, "error": error}))
        elif error is not None:
            _complain(source, error)
    sys.exit(2 if failed else 0)


@main.command(cls=_Writing, short_help="Add the fields to a message, without a mail server.")
@_CONFIG
@_LANGUAGE
def annotate(config: str | None, language: str | None) -> None:
    """Copy a message from standard input to standard output with the fields that the milter would add."""
    from bounce_milter.cli import pipe

    settings, knowledge = _loaded(config, language)
    pipe.annotate(
        standard_input(),
        sys.stdout.buffer,
        knowledge,
        language=language or settings.annotate.language,
        max_recipients=settings.annotate.max_recipients,
    )


@main.command(cls=_Writing, short_help="Find mistakes in configuration, rules and wording.")
@_CONFIG
def check(config: str | None) -> None:
    """Check configuration, rules and wording, and whether Postfix can reach the filter: every error at once."""
    from bounce_milter.cli import world

    user = world.as_service()
    closed = world.closed() if user else []  # then no further file of the program can be read
    problems = tuple(closed or dict.fromkeys(_problems(config)))
    for problem in problems:
        click.echo(problem)
    if not problems:
        read = config or DEFAULT_CONFIG
        what = f": {read}" if os.path.exists(read) else f"; no {read}: the defaults hold"
        click.echo(f"everything is in order{what}{f' (seen with the rights of {user})' if user else ''}")
        for line in _taken_in(config):
            click.echo(line)
    sys.exit(1 if problems else 0)


def _taken_in(config: str | None) -> Iterator[str]:
    """Yield what was read in the admin's own folder, and what lies there and is not."""
    from bounce_milter import resources

    if folder := resources.load_settings(config).rules.folder:
        found = resources.own(folder)
        off = f", {found.off} of them off" if found.off else ""
        yield f"own rules in {folder}: {found.rows}{off} ({', '.join(found.files) or 'no file'})"
        yield f"own words in {folder}/wording: {', '.join(found.words) or 'no file'}"
        yield from (f"{path}: not read; only *.toml and wording/LANGUAGE.toml are" for path in found.strays)


def _problems(config: str | None) -> Iterator[str]:
    """Yield what is wrong with the files, then what the machine puts in their way; what is right of them counts there."""
    from bounce_milter import resources
    from bounce_milter.classify import lint
    from bounce_milter.cli import world

    settings: Settings | None
    rules: Catalogue | None
    socket = True
    try:
        settings = resources.load_settings(config)
    except resources.ResourceError as error:
        yield from error.problems
        settings, socket = error.right, not error.no_socket
    try:
        options = settings and _with_vote(settings)
        rules = resources.load_knowledge(options, resources.languages(), samples=True).catalogue
    except resources.ResourceError as error:
        yield from error.problems
        rules = error.rules
    if rules is not None:
        yield from map(str, lint.lint(rules))
    if settings is not None:
        yield from world.look(settings, config or DEFAULT_CONFIG, socket=socket)


@main.command("codes", cls=_Writing, short_help="Show what reply codes and enhanced status codes mean.")
@click.argument("code", nargs=-1)
def codes_command(code: tuple[str, ...]) -> None:
    """Show the reply codes and enhanced status codes with their meaning, or those that are named."""
    from bounce_milter.cli import show

    sys.exit(0 if show.codes_table(code) else 2)


def _loaded(config: str | None, language: str | None) -> tuple[Settings, Knowledge]:
    """Return the settings, and the knowledge with the words of *language* too; end the program where they are wrong."""
    from bounce_milter import resources

    try:
        settings = resources.load_settings(config)
        return settings, resources.load_knowledge(settings, [language] if language else [])
    except resources.ResourceError as error:
        for problem in first_of(error.problems):
            click.echo(f"bounce-milter: {problem}", err=True)
        sys.exit(2)


def _complain(what: str, why: str) -> None:
    """Say what cannot be read or written; its name may be a stranger's, and no terminal shall obey it."""
    name, reason = (clean(text.encode("utf-8", "replace").decode(), _TOLD_CHARS) for text in (what, why))
    click.echo(f"bounce-milter: {name}: {reason}", err=True)


_Asked = tuple[str, Callable[[], Report] | None, str | None]


def _asked(what: tuple[str, ...], replies: str | None, knowledge: Knowledge, language: str) -> Iterator[_Asked]:
    """Yield (source, what judges it, None) in input order; (source, None, error) where there is nothing to judge."""
    of_reply = partial(explain_reply, knowledge=knowledge, language=language)
    of_message = partial(explain, knowledge=knowledge, language=language)
    if replies:
        try:
            for source, text in of_lines(replies):
                yield source, partial(of_reply, text), None
        except OSError as error:
            yield replies, None, error.strerror or str(error)
    for one in what:
        if _is_reply(one):
            yield one, partial(of_reply, one), None
            continue
        empty = True
        for item in _with_progress(one):
            empty = False
            if item.message is None:
                yield item.source, None, item.error or ""
            else:
                yield item.source, partial(of_message, item.message), None
        if empty:
            yield one, None, "no file in it"


def _guarded(source: str, judge: Callable[[], Report], tell: Callable[[str, Report], None]) -> str | None:
    """Judge one and tell of it, for its sentences are made when they are told; return what went wrong, None if nothing.

    A fault of ours costs this one, never the run; a stream that fails is none of ours.
    """
    try:
        tell(source, judge())
    except OSError:
        raise
    except Exception as fault:  # whatever it is, the next message is another
        return f"not explained: {type(fault).__name__}: {fault}"
    return None


def _is_reply(what: str) -> bool:
    """Say whether *what* is a reply's text: no file nor meant as one, and it begins with a code, is an event or has words."""
    if what == "-" or os.path.exists(what):
        return False
    first, space, _ = what.strip().partition(" ")
    if _CODE.match(first) or first.startswith("{"):
        return True
    return bool(space) and "/" not in first and not what.lower().endswith(_FILES)


def _with_progress(what: str) -> Iterator[Input]:
    """Yield the messages of one argument, with a bar on standard error where that is a terminal and the work long."""
    if what == "-" or not os.path.isdir(what) or sys.stderr is None or not sys.stderr.isatty():
        yield from messages(what)
        return
    from rich.console import Console
    from rich.progress import track

    found = paths(what)
    for path in track(found, description="explaining", console=Console(stderr=True), transient=True):
        yield from of_file(path)


def _teller(knowledge: Knowledge, *, as_json: bool, why: bool) -> Callable[[str, Report], None]:
    """Return what tells a report, under the name of its source, to a program or to a person."""
    if as_json:
        return lambda source, report: _write(to_json(report, source))
    from bounce_milter.cli import show

    return show.Shown(knowledge, why=why)


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")


def _with_vote(settings: Settings) -> Settings:
    """Return the options with the vote asked: packaged rows are written to stand beside it."""
    return msgspec.structs.replace(settings, rules=msgspec.structs.replace(settings.rules, vote=True))
