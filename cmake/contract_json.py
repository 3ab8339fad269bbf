"""Writes openapi.yaml as JSON: contract_json.py FROM TO.

YAML 1.2 has no date type and only true and false as truth values, so those two rules of PyYAML's
(which follows YAML 1.1) are replaced.
"""
import json
import re
import sys

import yaml


class Loader(yaml.SafeLoader):
    pass


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool",
                             re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))

with open(sys.argv[1], encoding="utf-8") as source:
    contract = yaml.load(source, Loader)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump(contract, target, ensure_ascii=False, separators=(",", ":"))
