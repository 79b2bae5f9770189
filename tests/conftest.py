"""What holds for every run of the tests: a folder of its own, and an end that leaves no server behind."""

import shutil
import signal
import tempfile
from types import FrameType

import pytest

#: The folder that this run made for itself.
_OWN = pytest.StashKey[str]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # pytest closes the one folder that all runs of a user share as each begins; the servers of another run need the way.
    # A short name: the path of a socket has 107 octets (unix(7)).
    if not config.option.basetemp:
        config.stash[_OWN] = config.option.basetemp = tempfile.mkdtemp(prefix="bm-")
    signal.signal(signal.SIGTERM, _ended)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Leave the folder where a test failed, what it wrote tells why, and one that somebody named."""
    if exitstatus == 0 and _OWN in session.config.stash:
        shutil.rmtree(session.config.stash[_OWN], ignore_errors=True)


def _ended(number: int, _: FrameType | None) -> None:
    """End as after an interrupt: fixtures stop their servers."""
    pytest.exit("asked to end", 128 + number)
