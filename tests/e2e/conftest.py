"""The servers that the tests share: one Postfix with the filter attached in both ways, one without."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.filter import FilterProcess
from tests.e2e.postfix import Postfix, attached
from tests.e2e.refusing import RefusingServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in Path(item.path).parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session", autouse=True)
def _root() -> None:
    if os.geteuid() != 0:
        pytest.fail("a mail server starts as root: run these tests as root (make test)")


@pytest.fixture(scope="session")
def refusing() -> Iterator[RefusingServer]:
    server = RefusingServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def filter_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FilterProcess]:
    process = FilterProcess(tmp_path_factory.mktemp("filter"))
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def postfix(
    tmp_path_factory: pytest.TempPathFactory, filter_process: FilterProcess, refusing: RefusingServer
) -> Iterator[Postfix]:
    server = Postfix(tmp_path_factory.mktemp("postfix"), attached(filter_process.socket), refusing.transports())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def bare_postfix(tmp_path_factory: pytest.TempPathFactory, refusing: RefusingServer) -> Iterator[Postfix]:
    server = Postfix(tmp_path_factory.mktemp("bare"), {}, refusing.transports())
    server.start()
    yield server
    server.stop()
