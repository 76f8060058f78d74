# SPDX-License-Identifier: Apache-2.0
"""The schemas of the repository, and validators made of them. What needs python3-jsonschema is here."""
import json
import pathlib

import jsonschema

try:  # jsonschema 4.18 and later
    from referencing import Registry, Resource
except ImportError:
    Registry = None


def load(directory):
    """Name, for example "examine", to schema."""
    found = {}
    for path in sorted(pathlib.Path(directory).glob("*.schema.json")):
        found[path.name.removesuffix(".schema.json")] = json.loads(path.read_text(encoding="utf-8"))
    return found


def validators(directory):
    """Name to validator. A schema that is none itself ends the program."""
    schemas = load(directory)
    out = {}
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        if Registry is None:
            store = {schema["$id"]: schema for schema in schemas.values()}
            resolver = jsonschema.RefResolver(schema["$id"], schema, store=store)
            out[name] = jsonschema.Draft202012Validator(schema, resolver=resolver)
        else:
            known = Registry().with_resources(
                (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values())
            out[name] = jsonschema.Draft202012Validator(schema, registry=known)
    return out


def documents(text):
    """One document, or one a line."""
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def schema_of(document):
    """ "storemark.examine/1" is examine."""
    return document["schema"].removeprefix("storemark.").removesuffix("/1")


def problem(validator, document):
    """Why it does not fit, or nothing."""
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return f"{error.json_path}: {error.message[:300]}" if error else ""
