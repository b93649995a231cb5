"""A started node answers and is the one that was asked for."""

from __future__ import annotations

import os

import pytest

from tests.elasticsearch.node import Cluster
from tests.elasticsearch.server import chosen_release

pytestmark = pytest.mark.elasticsearch


def test_the_node_is_the_version_that_was_asked_for(elasticsearch_node: Cluster) -> None:
    version = elasticsearch_node.request("/")["version"]
    assert isinstance(version, dict)
    assert version["number"] == chosen_release().version


def test_the_node_listens_on_the_loopback_only(elasticsearch_node: Cluster) -> None:
    assert elasticsearch_node.url.startswith("http://127.0.0.1:")
    said = elasticsearch_node.request("/_nodes/http,transport?filter_path=nodes.*.http,nodes.*.transport")
    assert isinstance(said["nodes"], dict)
    for node in said["nodes"].values():
        addresses = node["http"]["bound_address"] + node["transport"]["bound_address"]
        assert addresses
        assert all(address.startswith("127.0.0.1:") for address in addresses)


@pytest.mark.skipif("ONRECORD_TEST_ELASTICSEARCH_URL" in os.environ, reason="the user's own node is used")
def test_tests_use_the_node_that_was_started(elasticsearch_url: str, elasticsearch_node: Cluster) -> None:
    assert elasticsearch_url == elasticsearch_node.url
