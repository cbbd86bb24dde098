"""The templates mean the same to both Jsonnet engines."""

import json

import _jsonnet
import rjsonnet

from tests.unit.templates.trees import REPOSITORY

SNIPPET = """
local objects = import '_lib/objects.libsonnet';
objects.write({
  apiVersion: 'v1', kind: 'Service', name: 'a', namespace: 'n', labels: { a: 'b' },
  selector: { a: 'b' }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
})
"""


def test_both_engines_shape_alike() -> None:
    """rjsonnet renders; the C++ one finds the places of errors."""
    path = str(REPOSITORY / "templates" / "snippet.jsonnet")
    library = [str(REPOSITORY / "templates")]
    fast = json.loads(rjsonnet.evaluate_snippet(path, SNIPPET, jpathdir=library))
    reference = json.loads(_jsonnet.evaluate_snippet(path, SNIPPET, jpathdir=library))
    assert fast == reference
    assert fast["spec"]["ports"][0]["targetPort"] == "http"
