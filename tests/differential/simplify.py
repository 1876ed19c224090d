"""Makes a case of `cargo xtask proof differential` simpler: `simplify.py FILE` reads one case and prints every case that
is a step simpler, one per line, the largest steps first. The proof keeps the first that still disagrees, and repeats.
"""

import copy
import json
import sys

PLAIN = {"view": "bytes", "shape": "pairs", "textChunks": False, "chunks": [5000], "list": True}


def simpler(case):
    kind = "text" if "text" in case["payload"] else "bytes"
    pieces = case["payload"][kind]
    yield changed(case, ["payload", kind], [])
    for name, value in PLAIN.items():
        yield changed(case, [name], value)
    for name in ("toleranceSeconds", "maxPayloadBytes"):
        yield without(case, [name])
    for name in ("timestamp", "id", "toleranceSeconds"):
        yield without(case, ["scheme", name])
    lists = [["payload", kind], ["headers"], ["secrets"], ["scheme", "content"]]
    for path in lists:
        for at in range(len(found(case, path) or [])):
            yield without(case, [*path, at])
    for at, (_, times) in enumerate(pieces):
        for fewer in (1, times // 2, times - 1):
            yield changed(case, ["payload", kind, at, 1], fewer)
    texts = [["headers", at, 1] for at in range(len(case["headers"]))] + [["signature"]]
    texts += [["secrets", at, "text"] for at in range(len(case["secrets"]))]
    texts += [["payload", "text", at, 0] for at in range(len(case["payload"].get("text", [])))]
    for path in texts:
        text = found(case, path) or ""
        for cut in {len(text) // 2, 1} if text else ():
            yield changed(case, path, text[:-cut])
            yield changed(case, path, text[cut:])


def found(case, path):
    for step in path:
        try:
            case = case[step]
        except (KeyError, IndexError):
            return None
    return case


def changed(case, path, value):
    case = copy.deepcopy(case)
    place = found(case, path[:-1])
    if place is None or found(case, path) in (None, value):
        return None
    place[path[-1]] = value
    return case


def without(case, path):
    case = copy.deepcopy(case)
    place = found(case, path[:-1])
    if place is None or found(case, path) is None:
        return None
    del place[path[-1]]
    return case


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        original = json.load(file)
    for case in simpler(original):
        if case is not None and len(json.dumps(case)) < len(json.dumps(original)):
            print(json.dumps(case))
