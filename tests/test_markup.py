"""HTML -> its words."""

from bounce_milter.message import markup


def test_html_becomes_lines_of_words() -> None:
    page = "<html><head><title>t</title><style>p{}</style></head><body><p>Not&nbsp;found:<br>bob&#64;dest.example</p><script>x()</script>"
    assert [line for line in markup.html_text(page).split("\n") if line] == ["Not found:", "bob@dest.example"]
