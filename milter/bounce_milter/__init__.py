"""Explains bounces: what happened, who must act, what to do next, on what evidence.

`explain(message)` is the whole product without a mail server.

The rooms, from the ground up; each knows only those before it, and a test says so:

what all speak of        vocabulary, codes, limits; misfit and toml for what an admin writes
a reply, judged          reply, catalogue, classify
a message, read          address, message, facts, phrases, view, kinds, report, dialects, bounce
both, put into words     case, wording, explain, header
what is done with it     settings, policy
the edge: files, logs,   events, metrics, resources, review, judge, adapter, daemon, cli
mail servers, processes
"""

# Imported before the function is defined, because importing the submodule of the same name sets that name here.
from bounce_milter.explain import Report
from bounce_milter.explain import explain as _explain

__all__ = ["Report", "__version__", "explain"]

__version__ = "0.1.0"


def explain(message: bytes, *, sender: str | None = None) -> Report:
    """Return *message*, whole, explained in English by the packaged rules.

    `sender` is the envelope sender where it is known, "" or "<>" the null one (RFC 5321 4.5.5). Never raises on any
    message.
    """
    from bounce_milter.resources import packaged_knowledge

    return _explain(message, knowledge=packaged_knowledge(), sender=sender)
