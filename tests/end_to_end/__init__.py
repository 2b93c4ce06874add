"""Whole stories on one running stack."""

import pytest

# Before anybody imports it: what it asserts tells its findings, as a test's own asserts do.
pytest.register_assert_rewrite("tests.end_to_end.running")
