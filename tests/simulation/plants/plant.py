#!/usr/bin/env python3
"""Copies the coordination code with planted defects, for the test of the simulation itself.

usage: plant.py SOURCE_DIR OUTPUT_DIR     writes OUTPUT_DIR/<file> for every file with a plant, and plants.inc
       plant.py --files                   prints those files

A plant is a piece of a source file and what stands there instead while that plant is switched on. The piece has to occur
exactly once, so a plant that no longer fits its file fails the build.
"""
import re
import sys
from pathlib import Path

from plants import PLANTS


def planted(number, plant):
    switch = f"::onyx::planted({number})"
    if plant.kind == "expression":
        return f"({switch} ? ({plant.bad}) : ({plant.good}))"
    return f"if ({switch}) {{ {plant.bad} }} else {{ {plant.good} }}"


def main():
    files = sorted({plant.file for plant in PLANTS})
    if sys.argv[1] == "--files":
        print(";".join(files))
        return
    source, output = Path(sys.argv[1]), Path(sys.argv[2])
    for name in files:
        text = (source / name).read_text()
        for number, plant in enumerate(PLANTS, 1):
            if plant.file != name:
                continue
            # Line breaks and indentation are the formatter's business.
            pattern = r"\s+".join(re.escape(word) for word in plant.good.split())
            found = list(re.finditer(pattern, text))
            if len(found) != 1:
                sys.exit(f"plant {number} ({plant.words}): {len(found)} places in {name} instead of one:\n{plant.good}")
            good = text[found[0].start():found[0].end()]
            text = text[:found[0].start()] + planted(number, plant._replace(good=good)) + text[found[0].end():]
        text = "namespace onyx { bool planted(int number); }\n" + text
        target = output / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text() != text:
            target.write_text(text)
    table = "".join(f'{{{number}, "{plant.words}"}},\n' for number, plant in enumerate(PLANTS, 1))
    (output / "plants.inc").write_text(table)


main()
