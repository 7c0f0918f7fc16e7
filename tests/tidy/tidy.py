#!/usr/bin/env python3
"""Checks the rules of docs/layout.md: which way includes point, what pure folders may not use, file heads, banned words.

usage: tidy.py SOURCE_DIR PURE_FOLDER[:PURE_FOLDER…]
Prints every finding as path:line: what; exits 1 when there is one.
"""
import re
import subprocess
import sys
from pathlib import Path

root = Path(sys.argv[1]).resolve()
pure_folders = [Path(p).resolve().relative_to(root).as_posix() for p in sys.argv[2].split(":") if p]

findings = []


def report(path, line, what):
    findings.append(f"{path}:{line}: {what}")


def read_arrows():
    """The block of docs/layout.md between ```arrows and ```: folder → folders it may include."""
    text = (root / "docs/layout.md").read_text()
    block = re.search(r"```arrows\n(.*?)```", text, re.S).group(1)
    arrows, last = {}, None
    for line in block.splitlines():
        if not line.strip():
            continue
        if "→" in line:
            left, right = line.split("→")
            last = left.strip()
            arrows[last] = right.split()
        else:
            arrows[last] += line.split()
    return arrows


arrows = read_arrows()
folders = sorted(arrows, key=len, reverse=True)


def folder_of(path):
    for folder in folders:
        if path == folder or path.startswith(folder + "/"):
            return folder
    return None


def allowed(folder):
    names = set()
    for name in arrows[folder]:
        if name == "*":
            return None
        names.add(name)
    return names


sources = subprocess.run(["git", "-C", str(root), "ls-files", "common", "daemon", "cli", "bench", "tests"],
                         capture_output=True, text=True, check=True).stdout.split()
sources = [s for s in sources if s.endswith((".h", ".cpp"))]
product = [s for s in sources if not s.startswith(("tests/", "bench/"))]

INCLUDE = re.compile(r'^\s*#include\s+([<"])([^>"]+)[>"]')

# Vendor headers and the folders that may see them.
VENDORS = {
    r"^(grpc|grpcpp)/|\.pb\.h$|^google/protobuf": ["common/api", "daemon/service", "cli"],
    r"^zookeeper(/|\.)|^recordio\.h|^proto\.h": ["daemon/zookeeper"],
    r"^CLI/": ["cli", "daemon/main.cpp"],
    r"^boost/": ["daemon/runtime/fiber.cpp"],
    r"^spdlog/": ["daemon"],
    r"^systemd/": ["daemon/main.cpp", "daemon/watchdog.cpp"],
}

# What a pure folder may not name. Process-wide memo tables (interned names, shapes, pools) are the exception, by file.
IMPURE_HEADERS = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "fstream", "iostream", "random",
                  "filesystem", "semaphore", "latch", "barrier", "unistd.h", "fcntl.h", "sys/socket.h", "time.h", "ctime"}
IMPURE_WORDS = re.compile(r"\b(system_clock|steady_clock::now|high_resolution_clock|std::this_thread|random_device|"
                          r"getenv|printf|fopen|spdlog::)\b")
IMPURE_EXCEPTIONS = {"common/base/pool.cpp", "common/base/check.cpp", "common/edn/name.cpp", "common/edn/shape.cpp"}

for path in product:
    text = (root / path).read_text()
    lines = text.splitlines()
    folder = folder_of(path)
    if folder is None:
        report(path, 1, "is in no folder of docs/layout.md")
        continue
    names = allowed(folder)
    is_pure = any(path.startswith(p + "/") for p in pure_folders) and path not in IMPURE_EXCEPTIONS
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if match:
            kind, header = match.groups()
            if kind == '"' and names is not None and header.startswith(("common/", "daemon/", "cli/")):
                target = folder_of(header)
                if target is not None and target != folder and target not in names:
                    report(path, number, f"{folder} may not include {target} ({header})")
            for pattern, where in VENDORS.items():
                if re.search(pattern, header) and not any(path.startswith(w) for w in where):
                    report(path, number, f"{header} is not for this folder")
            if is_pure and header in IMPURE_HEADERS:
                report(path, number, f"a pure folder includes <{header}>")
        elif is_pure and not line.lstrip().startswith("//"):
            word = IMPURE_WORDS.search(re.sub(r'"(\\.|[^"\\])*"', '""', line))
            if word:
                report(path, number, f"a pure folder uses {word.group(0)}")
    if path.endswith(".h"):
        if not lines or not lines[0].startswith("// "):
            report(path, 1, "a header opens with what the thing is, in one sentence")
        if "#pragma once" not in text:
            report(path, 1, "no #pragma once")

WORDS = re.compile("|".join([r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bXX" + r"X\b", r"\bHA" + r"CK\b"]))
for path in sources:
    for number, line in enumerate((root / path).read_text().splitlines(), 1):
        if WORDS.search(line):
            report(path, number, f"unfinished by its own words: {WORDS.search(line).group(0)}")
        if path.startswith("tests/") and not path.startswith("tests/support/") and re.search(r"sleep_for|\bsleep\(", line):
            report(path, number, "a test waits for a state, it does not sleep")

for finding in findings:
    print(finding)
print(f"{len(product)} files, {len(findings)} findings")
sys.exit(1 if findings else 0)
