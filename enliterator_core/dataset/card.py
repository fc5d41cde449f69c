# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The dataset card (README.md, for people and Hugging Face) and croissant.json, made from what was written."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

_HUGGING_FACE: Final = frozenset(
    ("apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "bsd-3-clause", "mpl-2.0")
)

_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

_COLUMNS: Final = {
    "id": ("sc:Text", "content id of the example"),
    "task": ("sc:Text", "task type"),
    "split": ("sc:Text", "train, validation or test"),
    "line": ("sc:Integer", "line in the split's file, from 1"),
    "group": ("sc:Text", "content id of the anchor, which decides the split"),
    "verifier": ("sc:Text", "what the verifier said"),
}


def _described(metadata: Mapping[str, Any]) -> str:
    return (
        f"{sum(metadata['splits'].values())} verified chat examples in {len(metadata['tasks'])} tasks, made by"
        " Enliterator from a knowledge graph; every example names its source spans and rights in provenance.jsonl."
    )


def croissant(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dataset as JSON-LD after Croissant 1.0: its files by hash, and the flat columns of its provenance."""
    licenses = sorted({row["license"] for row in metadata["rights"] if row["license"]})
    files = [
        {
            "@type": "cr:FileObject",
            "@id": name,
            "name": name,
            "contentUrl": name,
            "contentSize": f"{file['bytes']} B",
            "encodingFormat": "application/jsonlines",
            "sha256": file["sha256"],
        }
        for name, file in metadata["files"].items()
        if name.endswith(".jsonl")
    ]
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"provenance/{name}",
            "name": name,
            "description": description,
            "dataType": kind,
            "source": {"fileObject": {"@id": "provenance.jsonl"}, "extract": {"column": name}},
        }
        for name, (kind, description) in _COLUMNS.items()
    ]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": f"batch_{metadata['batch']['id']}",
        "description": _described(metadata),
        "license": [f"https://spdx.org/licenses/{one}.html" if " " not in one else one for one in licenses]
        or ["unknown"],
        "distribution": files,
        "recordSet": [{"@type": "cr:RecordSet", "@id": "provenance", "name": "provenance", "field": fields}],
    }


def _front_matter(metadata: Mapping[str, Any]) -> list[str]:
    total = sum(metadata["splits"].values())
    licenses = {row["license"] for row in metadata["rights"] if row["license"]}
    only = next(iter(licenses)) if len(licenses) == 1 else ""
    bounds = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
    lines = ["---", f"pretty_name: {json.dumps(metadata['batch']['name'], ensure_ascii=False)}"]
    if only.lower() in _HUGGING_FACE:
        lines.append(f"license: {only.lower()}")
    else:
        lines += ["license: other", "license_name: per-example", "license_link: provenance.jsonl"]
    lines += ["task_categories:", "- text-generation", "size_categories:"]
    lines.append(f"- {next((name for bound, name in bounds if total < bound), 'n>1M')}")
    lines += ["configs:", "- config_name: default", "  data_files:"]
    for name, count in metadata["splits"].items():
        if count:
            lines += [f"  - split: {name}", f"    path: {name}.jsonl"]
    return [*lines, "---"]


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").replace("<", "&lt;").split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return [*lines, *(f"| {' | '.join(_cell(value) for value in row)} |" for row in rows), ""]


def card(metadata: Mapping[str, Any]) -> str:
    """Return the dataset card: what is in it, under which rights, how it was verified, and where its limits are."""
    proof, literacy, prompts = metadata["proof"], metadata["literacy"], metadata["prompts"]
    lines = [*_front_matter(metadata), "", f"# {_cell(metadata['batch']['name'])}", "", _described(metadata), ""]
    lines += _table(("split", "examples"), metadata["splits"].items())
    lines += _table(
        ("task", *metadata["splits"], "prompt"),
        [
            (task, *by_split.values(), f"version {prompts[task]['version']}")
            for task, by_split in metadata["counts"].items()
        ],
    )
    if metadata["languages"]:
        looked_at = sum(metadata["languages"].values())
        told = ", ".join(f"{name} {count / looked_at:.0%}" for name, count in metadata["languages"].items())
        lines += [
            f"Languages, told by small words and scripts in a sample of {looked_at:,}: {told} (und: undetermined).",
            "",
        ]
    if "tokens" in metadata:
        lines += _table(("split", "tokens (o200k)"), metadata["tokens"].items())
    lines += [
        "## Rights",
        "",
        "Each example carries the strictest rights of the sources whose content it reproduces.",
        "",
    ]
    rows = [
        (row["license"] or "none needed", row["holder"] or "", "yes" if row["publishable"] else "no", row["examples"])
        for row in metadata["rights"]
    ]
    lines += _table(("licence", "holder", "may be published", "examples"), rows)
    private = sum(row["examples"] for row in metadata["rights"] if not row["publishable"])
    if private:
        lines += [
            f"**{private} examples may be trained on but not published: do not upload this dataset as it is.**",
            "",
        ]
    lines += [
        "## How it was verified",
        "",
        "Every example was accepted by its task's verifier against the graph and the sources; the same verifier grades"
        " a model's answers. An example's anchor hashes to its split. Read back from the written files:"
        f" {proof['shared_groups']} groups, {proof['shared_spans']} source spans and {proof['near_duplicates']}"
        " near-duplicates (Jaccard of character 5-grams over .9) stand in more than one split."
        f" Of the {proof['mentioned_in_held_out']} entities mentioned in validation or test,"
        f" {proof['mentioned_in_train_and_held_out']} are mentioned in train as well.",
        "",
        "## Limitations",
        "",
        f"The graph that this was made from scores {literacy['score'] or 0:.1f} of 100 in literacy"
        f"{'; the dataset was forced past the gate' if metadata['forced'] else ''}. Answers say what the sources say,"
        " true or not.",
    ]
    lines += [f"Planned of {task}: {what}." for task, what in metadata["plan"]["not_given"].items()]
    lines += [f"In {name} there is too little of: {', '.join(tasks)}." for name, tasks in metadata["thin"].items()]
    if metadata["dropped"]:
        lines += ["", "Left out:", "", *_table(("reason", "examples"), metadata["dropped"].items())]
    return "\n".join(lines).rstrip() + "\n"
