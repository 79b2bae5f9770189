"""The linter of rules: every sample must give its row's verdict, and no row may be dead.

Rule: a row that never decides is either wrong or not needed; both are findings. Where an admin laid rows over the
packaged ones only his are looked at: what he changes is meant, and his to judge.
"""

from bounce_milter import reply
from bounce_milter.catalogue import Catalogue
from bounce_milter.catalogue.rule import Rule
from bounce_milter.classify import classify
from bounce_milter.classify.normal import normalise
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.misfit import Problem


def lint(catalogue: Catalogue) -> list[Problem]:
    """Return all that is wrong with the catalogue's rows: what `build` found, then what the samples show."""
    found = list(catalogue.problems)
    own = [ready for ready in catalogue.ready if ready.own]
    # Where a row is missing for its faults, those that are asked in its place are not to blame.
    for ready in own or (() if catalogue.problems else catalogue.ready):
        found += [ready.place.problem(ready.rule.id, message) for message in _of_rule(ready.rule, catalogue)]
    return found


def ask(sample: str, by: str | None = None, command: str | None = None) -> Query:
    """Return the question that a sample reply stands for."""
    parsed = reply.parse(sample)
    return Query(reply=parsed.code, status=parsed.status, text=parsed.text, by=by, command=command)


def _of_rule(rule: Rule, catalogue: Catalogue) -> list[str]:
    verdicts = [classify(ask(sample, rule.sample_by, rule.sample_command), catalogue) for sample in rule.samples]
    found = [m for s, v in zip(rule.samples, verdicts, strict=True) if (m := _of_sample(rule, s, v, catalogue))]
    # A hint may have done its work by confirming a code.
    if not found and rule.strength != "hint" and rule.id not in [verdict.rule for verdict in verdicts]:
        found.append(f"decides none of its samples, {verdicts[0].decider} does: one of the two is not needed")
    return found


def _read(rule: Rule, sample: str, catalogue: Catalogue) -> str:
    """Return what a pattern sees of its sample, which is seldom what stands there."""
    if rule.pattern is None:
        return ""
    normal = normalise(reply.parse(sample).text, catalogue.clearings)
    seen = (normal.raw if rule.strength == "token" else normal.words).decode()
    return f", read as {seen if len(seen) <= 200 else seen[:197] + '...'!r}"


def _narrowed(rule: Rule) -> str:
    """Return what a sample lacks that a narrowed rule asks for."""
    if rule.by and not rule.sample_by:
        return '; it counts for the hosts in "by" only: name one of them in sample_by'
    if rule.command and not rule.sample_command:
        return '; it counts for the commands in "command" only: name one of them in sample_command'
    return ""


def _of_sample(rule: Rule, sample: str, verdict: Verdict, catalogue: Catalogue) -> str | None:
    shown = repr(sample if len(sample) <= 70 else sample[:67] + "...")
    if rule.id not in verdict.matched:
        return f"does not match its sample {shown}{_read(rule, sample, catalogue)}{_narrowed(rule)}"
    if verdict.reason is not rule.reason:
        return f"its sample {shown} gives {verdict.reason} by {verdict.decider}, not {rule.reason}"
    if rule.class_ is not None and verdict.class_ is not rule.class_:
        return f"its sample {shown} gives class {verdict.class_}, not {rule.class_}"
    return None
