"""What admins copy is true: the example configuration is the defaults, the Postfix lines are what the tests attach."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

import bounce_milter
from bounce_milter import cli, header, metrics, resources, settings, wording
from bounce_milter.catalogue.rule import STRENGTHS, Rule
from bounce_milter.classify.lint import lint
from bounce_milter.explain import Knowledge, RecipientReport, explain_reply
from bounce_milter.explain.line import to_json
from bounce_milter.reply.verbs import COMMANDS
from bounce_milter.settings import Settings
from bounce_milter.vocabulary import REASONS, Act, Class, Kind
from tests.details import parse_details

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / "config" / "bounce-milter.toml").read_text(encoding="utf-8")


def test_the_example_configuration_holds_the_defaults() -> None:
    assert settings.parse(tomllib.loads(EXAMPLE), "example") == Settings()


def keys(struct: type[Any], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            found |= keys(field.type, f"{prefix}{field.encode_name}.")
        else:
            found.add(prefix + field.encode_name)
    return found


def flat(table: dict[str, Any], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in table.items():
        inner = isinstance(value, dict) and key != "languages"
        found |= flat(value, f"{prefix}{key}.") if inner else {prefix + key}
    return found


def test_the_example_configuration_names_every_option() -> None:
    assert flat(tomllib.loads(EXAMPLE)) == keys(Settings)


def test_every_option_of_the_example_stands_below_a_line_that_says_why() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[a-z_]+ = ", line):
            above = next(above for above in reversed(lines[:number]) if not re.match(r"[a-z_]+ = ", above))
            assert above.startswith("#"), line


def test_the_lines_for_postfix_attach_both_ways_and_accept_where_the_filter_is_gone() -> None:
    text = (ROOT / "config" / "postfix" / "main.cf").read_text(encoding="utf-8")
    lines = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line and not line.startswith("#"))
    assert set(lines) == {"smtpd_milters", "non_smtpd_milters", "internal_mail_filter_classes"}
    assert lines["smtpd_milters"] == lines["non_smtpd_milters"]
    assert Settings().milter.socket in lines["smtpd_milters"]
    assert "default_action=accept" in lines["smtpd_milters"]
    assert lines["internal_mail_filter_classes"] == "bounce"


def test_the_lines_for_milter_header_checks_file_nothing_until_one_is_switched_on() -> None:
    text = (ROOT / "config" / "postfix" / "milter_header_checks").read_text(encoding="utf-8")
    assert text.count("\n#/^X-Bounce-Review: yes/ ") == 3
    assert all(line.startswith("#") for line in text.splitlines() if line)


def test_the_page_on_headers_lists_every_reason_and_every_detail() -> None:
    page = (ROOT / "config" / "doc" / "headers.md").read_text(encoding="utf-8")
    for reason, row in REASONS.items():
        assert (
            f"| `{reason}`{'*' if row.may_be_dead else ''} | {row.class_ or 'follows the code'} | {row.act} |" in page
        )
    sample = (ROOT / "tests" / "samples" / "001-postfix-user-unknown.eml").read_bytes()
    told = parse_details(header.details(bounce_milter.explain(sample).recipients[0]))
    assert set(told) <= set(re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE))


def test_the_page_on_commands_lists_every_key_of_the_json() -> None:
    page = (ROOT / "config" / "doc" / "commands.md").read_text(encoding="utf-8")
    sample = bounce_milter.explain((ROOT / "tests" / "samples" / "001-postfix-user-unknown.eml").read_bytes())
    told = msgspec.json.decode(to_json(sample, "x"))
    rows = re.findall(r"^\| ((?:`[a-z_]+` ?)+)\|", page.partition("## explain --json")[2], re.MULTILINE)
    assert {key for row in rows for key in re.findall("`([a-z_]+)`", row)} == {*told, *told["recipients"][0]}
    assert all(f"`{kind}`" in page for kind in Kind)
    assert all(f"`{key}`" in page for key in told["original"])


def test_the_readme_names_every_detail_in_its_order() -> None:
    page = (ROOT / "config" / "doc" / "headers.md").read_text(encoding="utf-8")
    table = page.partition("## X-Bounce-Details")[2].partition("## The reasons")[0]
    names = " ".join(re.findall(r"^\| `([a-z]+)` \|", table, re.MULTILINE))
    assert f"| `X-Bounce-Details` | `{names}`, as" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_on_commands_names_every_command_and_option() -> None:
    page = (ROOT / "config" / "doc" / "commands.md").read_text(encoding="utf-8")
    for name, command in cli.main.commands.items():
        assert f"`bounce-milter {name}" in page
        options = [option for one in command.params if isinstance(one, click.Option) for option in one.opts]
        assert [option for option in options if option not in page] == []


def test_the_page_on_dovecot_has_each_setting_for_both_versions() -> None:
    page = (ROOT / "config" / "dovecot" / "README.md").read_text(encoding="utf-8")
    old, _, new = page.partition("## Dovecot 2.4")
    named = re.findall(r"^  (sieve_(?!before)\w+) = ", old, re.MULTILINE)
    assert len(named) == 4
    assert [name for name in named if f"\n{name} " not in new] == []


def test_every_language_that_there_is_stands_where_a_wording_is_explained() -> None:
    assert all(f"`{language}`" in RULES_PAGE for language in resources.languages())


RULES_PAGE = (ROOT / "config" / "doc" / "rules.md").read_text(encoding="utf-8")


def test_the_page_on_rules_lists_every_field_and_what_it_takes() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.*) \|$", RULES_PAGE, re.MULTILINE))
    fields = {field.encode_name: field for field in msgspec.structs.fields(Rule)}
    assert rows.keys() == fields.keys()
    assert {name for name, text in rows.items() if text.startswith("needed: ")} == {
        name for name, field in fields.items() if field.required
    }
    for name, words in (("command", COMMANDS), ("class", Class), ("act", Act), ("strength", STRENGTHS)):
        assert all(f"`{word}`" in rows[name] for word in words)
    assert all(f"`{name}`" in RULES_PAGE for name in wording.OPTIONAL)


def test_the_examples_on_the_page_on_rules_do_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "wording").mkdir()
    examples = re.findall(r"```toml\n# (\S+)\n(.*?)```", RULES_PAGE, re.DOTALL)
    assert len(examples) == RULES_PAGE.count("```toml") == 3
    for name, text in examples:
        (tmp_path / name).write_text(text, encoding="utf-8")

    def told(reply: str) -> tuple[RecipientReport, Knowledge]:
        knowledge = resources.load_knowledge(Settings(rules=settings.Rules(folder=str(tmp_path))))
        return explain_reply(reply, knowledge).recipients[0], knowledge

    full, knowledge = told("552 5.2.2 over quota")
    assert (full.reason, full.class_) == ("mailbox-full", "permanent")
    assert "(the recipient): delete mail; the help desk, 555-0100," in full.what_to_do
    assert lint(knowledge.catalogue) == []
    assert "generic-user-unknown" not in {rule.id for rule in knowledge.catalogue.rules}
    mine = tmp_path / "mine.toml"
    own = mine.read_text(encoding="utf-8").replace('by = ["dest.example"]', 'words = "ticket"')
    mine.write_text(own, encoding="utf-8")
    ticket, _ = told("550 5.7.1 Ticket required, see https://help.dest.example/")
    assert (ticket.reason, ticket.verdict and ticket.verdict.rule) == ("sender-not-allowed", "mine-ticket")
    assert "takes mail with a ticket only" in ticket.explanation
    assert ticket.what_to_do.startswith("What to do (you): get a ticket at https://help.dest.example/")


def test_every_file_that_the_readme_names_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+)\)", readme)
    assert linked
    assert not [name for name in linked if not (ROOT / name).exists()]


def test_the_readme_shows_what_the_filter_writes() -> None:
    sample = (ROOT / "tests" / "samples" / "001-postfix-user-unknown.eml").read_bytes()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, value in header.fields(bounce_milter.explain(sample)):
        assert f"{name}: {value}" in readme


def test_the_page_on_monitoring_lists_every_metric_as_the_code_does() -> None:
    page = (ROOT / "config" / "doc" / "monitoring.md").read_text(encoding="utf-8")
    for named in metrics.COUNTERS:
        labels = ", ".join(f"`{label}`" for label in named.labels)
        assert f"| `{metrics.PREFIX}{named.name}_total` | {labels} | {named.meaning} |" in page
    for named, kind in [(metrics.HISTOGRAM, "histogram"), *((gauge, "gauge") for gauge in metrics.GAUGES)]:
        assert f"| `{metrics.PREFIX}{named.name}` | {kind} | {named.meaning} |" in page
    known = {metrics.PREFIX + named.name for named in (*metrics.COUNTERS, metrics.HISTOGRAM, *metrics.GAUGES)}
    dashboard = (ROOT / "config" / "grafana" / "bounce-milter.json").read_text(encoding="utf-8")
    for name in re.findall(r"bounce_milter_\w+", page + dashboard):
        assert re.sub(r"_(?:total|bucket|count|sum)$", "", name) in known
    assert json.loads(dashboard)["title"] == "bounce-milter"


def test_the_page_on_monitoring_lists_every_log_event() -> None:
    page = (ROOT / "config" / "doc" / "monitoring.md").read_text(encoding="utf-8")
    source = (ROOT / "milter" / "bounce_milter" / "events.py").read_text(encoding="utf-8")
    said = set(re.findall(r"self\._line\(\s*(?:\"\w+\"|level), \"([\w-]+)\"", source))
    assert said == set(re.findall(r"^\| `([a-z-]+)` \| (?:debug|info|warning|error) \|", page, re.MULTILINE))


def test_the_script_without_a_milter_removes_every_field_of_ours() -> None:
    script = (ROOT / "config" / "dovecot" / "bounce-annotate.sieve").read_text(encoding="utf-8")
    assert re.findall(r'^deleteheader "([^"]+)";', script, re.MULTILINE) == list(header.OWN_FIELDS.values())


@pytest.mark.parametrize("program", ["formail", "reformail"])
def test_the_recipes_remove_every_field_of_ours_before_anything_is_annotated(program: str) -> None:
    page = (ROOT / "config" / "doc" / "without-a-milter.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf'^(?:\| |\s*xfilter "){program} (.*?)"?$', page, re.MULTILINE)
    assert re.findall(r"-I (\S+):", line) == list(header.OWN_FIELDS.values())
    assert "annotate" in page.partition(line)[2].partition("\n## ")[0]


def test_the_recipe_for_maildrop_leaves_no_field_with_a_blank_before_its_colon() -> None:
    """reformail, unlike formail, does not know such a field (tried with 2.9.3)."""
    page = (ROOT / "config" / "doc" / "without-a-milter.md").read_text(encoding="utf-8")
    (line,) = re.findall(r'^\s*xfilter "(sed .*)"$', page, re.MULTILINE)
    command = line.replace(r"\\", "\\")  # as maildrop reads it
    forged = b"X-Bounce-Class : a\nx-bounce-review\t : b\nSubject : c\n\nX-Bounce-Class : d\n"
    done = subprocess.run(["/bin/sh", "-c", command], input=forged, capture_output=True, check=True)
    assert done.stdout == b"X-Bounce-Class: a\nx-bounce-review: b\nSubject : c\n\nX-Bounce-Class : d\n"


def test_a_bar_of_the_dashboard_is_asked_for_now_and_not_over_time() -> None:
    dashboard = json.loads((ROOT / "config" / "grafana" / "bounce-milter.json").read_text(encoding="utf-8"))
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", ())]
    assert [target["instant"] for target in targets if "topk" in target["expr"]] == [True]
