"""Fixtures that tests of every folder may use."""

pytest_plugins = ["tests.elasticsearch.plugin", "tests.live"]
