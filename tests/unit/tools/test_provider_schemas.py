"""A wheel's code becomes the schema that Terraform would have had from the provider."""

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.tools.provider_schemas import Provider, convert

_THING = """
function thingRuleToHclTerraform(struct) {
    const attrs = {
        name: {
            value: cdktn.stringToHclTerraform(struct.name),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
}
class ThingRuleOutputReference extends cdktn.ComplexObject {
    // name - computed: false, optional: false, required: true
    get name() { return this.getStringAttribute('name'); }
    // number - computed: true, optional: false, required: false
    get number() { return this.getNumberAttribute('number'); }
}
class ThingRuleList extends cdktn.ComplexList {
}
class ThingEndOutputReference extends cdktn.ComplexObject {
    // host - computed: true, optional: false, required: false
    get host() { return this.getStringAttribute('host'); }
}
class ThingEndList extends cdktn.ComplexList {
}
class Thing extends cdktn.TerraformResource {
    static tfResourceType = "cloud_thing";
    // ends - computed: true, optional: false, required: false
    _ends = new ThingEndList(this, "ends", false);
    // secret_wo - computed: false, optional: true, required: false
    get secretWo() { return this.getStringAttribute('secret_wo'); }
    // zones - computed: false, optional: true, required: false
    get zones() { return cdktn.Fn.tolist(this.getListAttribute('zones')); }
    // rule - computed: false, optional: false, required: true
    _rule = new ThingRuleList(this, "rule", true);
    // timeouts - computed: false, optional: true, required: false
    _timeouts = new ThingRuleOutputReference(this, "timeouts");
    synthesizeHclAttributes() {
        const attrs = {
            zones: {
                value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._zones),
                isBlock: false,
                type: "set",
                storageClassType: "stringList",
            },
            rule: {
                value: cdktn.listMapperHcl(thingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "ThingRuleList",
            },
            timeouts: {
                value: thingRuleToHclTerraform(this._timeouts.internalValue),
                isBlock: true,
                type: "struct",
                storageClassType: "ThingRule",
            },
        };
    }
}
"""
_PROVIDER = """
function cloudProviderTagsToHclTerraform(struct) {
    const attrs = {
        keys: {
            value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(struct.keys),
            isBlock: false,
            type: "set",
            storageClassType: "stringList",
        },
    };
}
class CloudProvider extends cdktn.TerraformProvider {
    static tfResourceType = "cloud";
    constructor(scope, id, config = {}) {
        super(scope, id, { terraformGeneratorMetadata: { providerVersion: '1.2.3' } });
    }
    // alias - computed: false, optional: true, required: false
    get alias() { return this._alias; }
    // retries - computed: false, optional: true, required: false
    get retries() { return this._retries; }
    // tags - computed: false, optional: true, required: false
    get tags() { return this._tags; }
    synthesizeHclAttributes() {
        const attrs = {
            retries: {
                value: cdktn.numberToHclTerraform(this._retries),
                isBlock: false,
                type: "simple",
                storageClassType: "number",
            },
            tags: {
                value: cdktn.listMapperHcl(cloudProviderTagsToHclTerraform, true)(this._tags),
                isBlock: true,
                type: "list",
                storageClassType: "CloudProviderTagsList",
            },
        };
    }
}
"""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """What a wheel with these two files says."""
    files = {"package/lib/thing/index.js": _THING, "package/lib/provider/index.js": _PROVIDER}
    return convert(_write_wheel(tmp_path_factory.mktemp("wheel") / "cloud.whl", files))


@pytest.fixture(scope="module")
def thing(provider: Provider) -> dict[str, Any]:
    """The block of its one resource."""
    block: dict[str, Any] = provider.schemas["resource_schemas"]["cloud_thing"]["block"]
    return block


def test_a_provider_tells_its_name_and_release(provider: Provider) -> None:
    """They decide where it lies in a mirror."""
    assert (provider.name, provider.version) == ("cloud", "1.2.3")


def test_arguments_have_their_types_and_flags(thing: dict[str, Any]) -> None:
    """A set is told from a list; what is written and never read back is known by its name."""
    assert thing["attributes"]["zones"] == {"type": ["set", "string"], "optional": True}
    assert thing["attributes"]["secret_wo"] == {"type": "string", "optional": True, "write_only": True}


def test_what_is_only_read_is_no_block(thing: dict[str, Any]) -> None:
    """Objects that the provider fills in are attributes."""
    assert thing["attributes"]["ends"] == {"type": ["list", ["object", {"host": "string"}]], "computed": True}


def test_blocks_come_after_the_attributes(thing: dict[str, Any]) -> None:
    """The second run of the alphabet: a required one is there at least once, a lone one at most once."""
    inner = {
        "attributes": {
            "name": {"type": "string", "required": True},
            "number": {"type": "number", "computed": True},
        }
    }
    assert thing["block_types"] == {
        "rule": {"nesting_mode": "set", "block": inner, "min_items": 1},
        "timeouts": {"nesting_mode": "single", "block": inner},
    }


def test_a_providers_own_blocks_are_known_by_how_they_are_written(provider: Provider) -> None:
    """Its arguments have no getters; `alias` is Terraform's own."""
    keys = {"type": ["set", "string"], "optional": True}
    assert provider.schemas["provider"]["block"] == {
        "attributes": {"retries": {"type": "number", "optional": True}},
        "block_types": {"tags": {"nesting_mode": "list", "block": {"attributes": {"keys": keys}, "block_types": {}}}},
    }


def _write_wheel(file: Path, files: dict[str, str]) -> Path:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("cloud/_jsii/cloud.jsii.tgz", packed.getvalue())
    return file
