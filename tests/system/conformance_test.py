"""Every conformance case of the areas that this version has, on real peers and in one thread, with equal results."""
import json

from onyx import *

AREAS = ("validation", "workflow", "functions", "grouping", "flow-conditions", "lifecycles")
CASES = SOURCE / "tests/conformance/onyx"


def needs_windows(path):
    text = path.read_text()
    return ":windows [" in text and ":expect-error" not in text


class Conformance(DaemonTest):
    arguments = ("--dev", "--log-level", "error")

    def results(self, *flags):
        done = self.daemon.ctl("test", *flags, "-o", "json", *(str(CASES / area) for area in AREAS))
        report = json.loads(done.stdout)
        return {r["file"]: r["passed"] for r in report["cases"]}

    def test_every_case_without_windows_passes(self):
        expected = {str(p): True for area in AREAS for p in sorted((CASES / area).glob("*.edn")) if not needs_windows(p)}
        self.assertEqual(len(expected), 111)
        on_peers = self.results()
        local = self.results("--local")
        self.assertEqual(on_peers, local)
        self.assertEqual({f: p for f, p in on_peers.items() if f in expected}, expected)


if __name__ == "__main__":
    main()
