"""The linter of rules: every sample must give its row's verdict, and no row may be dead.

Rule: a row that never decides is either wrong or not needed; both are findings. Runs over an admin's rows too.
"""

from bounce_milter import reply
from bounce_milter.catalogue import Catalogue, Problem, Rule, implied_class
from bounce_milter.classify import Query, Verdict, classify


def lint(catalogue: Catalogue) -> list[Problem]:
    """Return all that is wrong with the catalogue's rows: what `build` found, then what the samples show."""
    found = list(catalogue.problems)
    for rule in catalogue.rules:
        messages = [message for sample in rule.samples for message in _of_sample(rule, sample, catalogue)]
        found += [Problem(*catalogue.places[rule.id], rule.id, message) for message in messages]
    return found


def ask(sample: str, by: str | None = None, command: str | None = None) -> Query:
    """Return the question that a sample reply stands for."""
    parsed = reply.parse(sample)
    return Query(reply=parsed.code, status=parsed.status, text=parsed.text, by=by, command=command)


def _of_sample(rule: Rule, sample: str, catalogue: Catalogue) -> list[str]:
    verdict = classify(ask(sample, rule.sample_by, rule.sample_command), catalogue)
    shown = sample if len(sample) <= 70 else sample[:67] + "..."
    if rule.id not in verdict.matched:
        return [f"does not match its sample {shown!r}"]
    if verdict.reason is not rule.reason:
        return [f"its sample {shown!r} gives {verdict.reason} by {_winner(verdict)}, not {rule.reason}"]
    if verdict.rule != rule.id:
        return [f"its sample {shown!r} is won by {_winner(verdict)}: one of the two is not needed, or needs a longer pattern"]
    wanted = implied_class(rule)
    if rule.class_ is not None and verdict.class_ is not wanted:
        return [f"its sample {shown!r} gives class {verdict.class_}, not {wanted}"]
    return []


def _winner(verdict: Verdict) -> str:
    return f"rule {verdict.rule}" if verdict.rule else f"the code {verdict.evidence}"
