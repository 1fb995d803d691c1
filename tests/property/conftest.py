"""Regions opened once."""

import pytest

from coverage.answers.study import open_study


@pytest.fixture(scope="session")
def sultra():
    return open_study("74")


@pytest.fixture(scope="session")
def wakatobi():
    return open_study("74.07")


@pytest.fixture(scope="session")
def lubuklinggau():
    return open_study("16.73")
