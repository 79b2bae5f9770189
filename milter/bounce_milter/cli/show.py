"""What the command line shows to a person: reports in words, the tables of codes; in colour on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bounce_milter import codes
from bounce_milter.classify.why import why
from bounce_milter.explain import Knowledge, RecipientReport, Report, unicode
from bounce_milter.header import clean
from bounce_milter.vocabulary import REPORTS, Class

_COLOURS: Final = {
    Class.PERMANENT: "red",
    Class.MESSAGE: "magenta",
    Class.TRANSIENT: "yellow",
    Class.UNKNOWN: "white",
    None: "green",
}
_MOST: Final = 1000
_WIDTH: Final = 80
# Enhanced codes that fit any reason: they only name a field.
_VAGUE: Final = (".0", ".7.1")


class _Terminal(Console):
    """A console that is never without width, and leaves it to the command what becomes of a pipe that nobody reads."""

    def __init__(self, *, soft_wrap: bool = False) -> None:
        super().__init__(highlight=False, emoji=False, soft_wrap=soft_wrap)
        self.width = self.width or _WIDTH  # COLUMNS=0

    def on_broken_pipe(self) -> None:
        """Let the error pass, where rich would end the program with status 1."""
        raise


class Shown:
    """Shows one report after the other."""

    def __init__(self, knowledge: Knowledge, *, why: bool) -> None:
        self._console = _Terminal(soft_wrap=True)
        self._knowledge = knowledge
        self._why = why

    def __call__(self, source: str, report: Report) -> None:
        """Print the report under the name of its source, whole or not at all."""
        with self._console.capture() as shown:
            self._report(source, report)
        self._console.file.write(shown.get())
        self._console.file.flush()

    def _report(self, source: str, report: Report) -> None:
        say = self._console.print
        say(
            f"[bold]{escape(clean(unicode(source), _MOST))}[/bold]: {report.kind}"
            + (", read in part" if report.truncated else "")
        )
        if report.kind in REPORTS:
            self._original(report)
            for recipient in report.recipients:
                self._recipient(recipient)
        say("")

    def _original(self, report: Report) -> None:
        if told := report.returned:
            self._console.print(f"  [dim]{escape(clean(told, _MOST))}[/dim]")

    def _recipient(self, told: RecipientReport) -> None:
        colour = _COLOURS[told.class_]
        say = self._console.print
        for number, sentence in enumerate((told.explanation, told.what_to_do, told.because)):
            if sentence:
                text = escape(clean(sentence, _MOST))
                say(f"  [{colour}]{text}[/{colour}]" if number == 0 else f"  {text}")
        if told.class_ is not None:
            verdict = (
                f"{told.class_}, {told.reason}{', dead address' if told.dead else ''}, confidence {told.confidence}"
            )
            say(f"  [dim]{verdict}[/dim]")
        if told.address is None and told.wording.language == "en":  # the tables of codes are in English only
            for code in dict.fromkeys(code for code in (told.reply, told.status) if code):
                say(f"  [dim]{escape(_meaning(code, told))}[/dim]")
        if self._why and told.query and told.verdict:
            for line in why(told.query, told.verdict, self._knowledge.catalogue):
                say(f"    {escape(clean(line, _MOST))}")


def _meaning(code: str, told: RecipientReport) -> str:
    """Return what a code means; where the verdict is another, that it means so by the standard, and not here."""
    info = codes.reply_code(code) or codes.enhanced_code(code)
    if info is None:
        return codes.digits.not_a_code(code)
    detail = codes.registered(code)
    elsewhere = detail is not None and not code.endswith(_VAGUE) and detail[1].reason is not told.reason
    sentence = codes.sentence(info)
    return sentence.replace(code, f"{code} in the standard", 1) if elsewhere else sentence


def codes_table(wanted: Sequence[str]) -> bool:
    """Print the codes named, or all that the tables hold; say whether every one named is a code."""
    console = _Terminal(soft_wrap=bool(wanted))
    if not wanted:
        console.print(_table(codes.REPLY_CODES, "Reply codes (RFC 5321)"))
        console.print(_table(codes.ENHANCED_CODES, "Enhanced status codes (RFC 3463)"))
        return True
    known = True
    for token in (one.strip() for one in wanted):
        info = codes.reply_code(token) or codes.enhanced_code(token)
        known &= info is not None
        if info is None:
            console.print(escape(codes.digits.not_a_code(clean(token, 80))))
        else:
            console.print(f"[bold]{info.code}[/bold]  {escape(info.meaning)}")
            console.print(f"     {escape(info.advice)}")
            about = f"; about {info.subject}" if info.subject else ""
            console.print(f"     [dim]{escape(info.class_ + about)}; {info.origin}, {escape(info.source)}[/dim]")
    return known


def _table(rows: Mapping[str, codes.ReplyRow] | Mapping[str, codes.EnhancedRow], title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in ("code", "meaning", "who can act", "source"):
        table.add_column(column, overflow="fold")
    for key, row in rows.items():
        table.add_row(key, escape(row.meaning), str(row.act), escape(row.source))
    return table
