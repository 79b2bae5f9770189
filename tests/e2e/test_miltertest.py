"""OpenDKIM's miltertest, a client that nobody here wrote, against the running filter: a bounce, ordinary mail, an abort."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.filter import FilterProcess
from tests.e2e.postfix import ROOT

MILTERTEST = ROOT.parent / "miltertest" / "usr" / "bin" / "miltertest"

BEGIN = """
conn = mt.connect("unix:{socket}")
if conn == nil then error("no connection") end
if mt.negotiate(conn, nil, nil, nil) ~= nil then error("negotiate") end
mt.macro(conn, SMFIC_MAIL, "i", "4Zk3Xq1L2mz9sR")
"""

BOUNCE = (
    BEGIN
    + """
if mt.mailfrom(conn, "<>") ~= nil then error("mailfrom") end
if mt.header(conn, "From", "MAILER-DAEMON@mail.example.com") ~= nil then error("from") end
if mt.header(conn, "Subject", "Undelivered Mail Returned to Sender") ~= nil then error("subject") end
if mt.header(conn, "X-Bounce-Class", "forged") ~= nil then error("forged") end
if mt.eoh(conn) ~= nil then error("eoh") end
if mt.getreply(conn) ~= SMFIR_CONTINUE then error("eoh was answered with " .. mt.getreply(conn)) end
if mt.bodystring(conn, "<bob@dest.example>: host mx.dest.example[192.0.2.25] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\\r\\n") ~= nil then error("body") end
if mt.eom(conn) ~= nil then error("eom") end
if mt.getreply(conn) ~= SMFIR_CONTINUE then error("eom was answered with " .. mt.getreply(conn)) end
if not mt.eom_check(conn, MT_HDRADD, "X-Bounce-Class", "permanent") then error("no class") end
if not mt.eom_check(conn, MT_HDRDELETE, "X-Bounce-Class") then error("the forged field stays") end
mt.disconnect(conn)
"""
)

ORDINARY = (
    BEGIN
    + """
if mt.mailfrom(conn, "<alice@example.org>") ~= nil then error("mailfrom") end
if mt.header(conn, "Subject", "lunch") ~= nil then error("subject") end
if mt.eoh(conn) ~= nil then error("eoh") end
if mt.getreply(conn) ~= SMFIR_ACCEPT then error("eoh was answered with " .. mt.getreply(conn)) end
mt.disconnect(conn)
"""
)

ABORTED = (
    BEGIN
    + """
if mt.mailfrom(conn, "<>") ~= nil then error("mailfrom") end
if mt.abort(conn) ~= nil then error("abort") end
if mt.mailfrom(conn, "<alice@example.org>") ~= nil then error("mailfrom") end
if mt.header(conn, "Subject", "lunch") ~= nil then error("subject") end
if mt.eoh(conn) ~= nil then error("eoh") end
if mt.getreply(conn) ~= SMFIR_ACCEPT then error("what was aborted is remembered") end
mt.disconnect(conn)
"""
)


@pytest.mark.parametrize("script", [BOUNCE, ORDINARY, ABORTED], ids=["bounce", "ordinary", "aborted"])
def test_a_foreign_client_gets_the_answers_it_expects(
    tmp_path: Path, filter_process: FilterProcess, script: str
) -> None:
    path = tmp_path / "script.lua"
    path.write_text(script.replace("{socket}", str(filter_process.socket)))
    done = subprocess.run([MILTERTEST, "-s", path], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
