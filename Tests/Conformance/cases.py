"""Writes conformance cases as JSON, one case a line, so that a changed case is a changed line."""

import json


def write_cases(path, cases, **head):
    """Writes a JSON object with the members of `head` and the cases; without `head`, a list of the cases."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    with open(path, "w", encoding="utf-8") as file:
        if not head:
            file.write(f"[\n{lines}\n]\n")
            return
        file.write("{\n")
        for name, value in head.items():
            file.write(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n")
        file.write(f'"cases": [\n{lines}\n]\n}}\n')
