#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/{job,function,json,line,log,zookeeper,settings}: what the tests and examples of this tree hold, and
evil rows by hand, one a file. `edn` has a script of its own.

Run once after adding a row; inputs that a fuzzer found are kept beside them under their own names.
"""
import itertools
import pathlib
import re
import struct

TREE = pathlib.Path(__file__).parent.parent.parent
CORPUS = pathlib.Path(__file__).parent / "corpus"


def after(key: str, text: str) -> str | None:
    """The form that follows `key` in an EDN text, by its brackets."""
    at = text.find(key + " ")
    if at < 0:
        return None
    start = at + len(key) + 1
    depth, i = 0, start
    while i < len(text):
        c = text[i]
        if c == '"':
            i = next(j for j in itertools.count(i + 1) if text[j] == '"' and text[j - 1] != "\\")
        elif c == ";":
            i = text.index("\n", i)
        elif c == "\\":
            i += 1
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return text[start:i + 1]
        i += 1
    return None


def cases() -> list[str]:
    return [p.read_text() for p in sorted((TREE / "tests/conformance/onyx").rglob("*.edn"))]


def jobs() -> list[bytes]:
    found = [after(":job", text) for text in cases()]
    rows = sorted({re.sub(r"\s+", " ", job) for job in found if job}, key=len)[::3]
    rows += [p.read_text() for p in sorted((TREE / "examples").rglob("job.edn"))]
    rows += [
        "{:workflow [[:a :b] [:b :a]] :catalog []}",
        "{:workflow [[:a :b]] :catalog [{:onyx/name :a}] :functions [(ns m) (defn f [x] x)]}\n;;;\n(ns n) (defn g [x] (m/f x))",
        "nil", "[]", "{}", "{:workflow nil}", "{:catalog {}}", "{:metadata {:job-id \"x\"}}", "\n;;;\n", "{}\n;;;\n(",
        "{:flow-conditions [{:flow/from :all :flow/to :all :flow/predicate [:and [:or [:not (fn [e o n a] true)]]]}]}",
    ]
    return [row.encode() for row in rows]


def functions() -> list[bytes]:
    found = [after(":functions", text) for text in cases()]
    rows = sorted({re.sub(r"\s+", " ", source[1:-1]) for source in found if source}, key=len)[::3]
    expression = re.compile(r'\{"(\((?:[^"\\]|\\.)*)",')
    expressions: list[str] = []
    for path in sorted((TREE / "tests/unit").glob("common/lang*/*_test.cpp")):
        expressions += [e.encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")
                        for e in expression.findall(path.read_text())]
    # Six expressions a file: a program has a body of any length.
    rows += [" ".join(f"(try {e} (catch Exception x 0))" for e in expressions[i:i + 6]) for i in range(0, len(expressions), 6)]
    rows += [
        "(loop [] (recur))", "(defn f [x] (f x))", "(range)", "(count (range))", "(reduce + (range))", "(iterate inc 0)",
        "(loop [s \"ab\"] (recur (str s s)))", "(loop [v [1]] (recur (into v v)))", "(loop [x nil] (recur [x]))",
        "(re-find #\"(a+)+b\" \"aaaaaaaaaaaaaaaaaaaaaaaa\")", "#\"(\"", "#\"\\\\1\"", "(re-pattern \"[\")", "#(#(%))", "#(%1 %5)",
        "(eval 1)", "(.toString 1)", "(System/exit 0)", "(Math/abs -1)", "(new Thread)", "(swap! a inc)", "@a", "`(a ~b)", "#'f",
        "(defmacro m [] 1)", "(require 'x)", "(fn [& ] 1)", "(fn [a & b c] 1)", "(let [a] a)", "(let [[a & r :as w] 1] r)",
        "(let [{:keys [a/b] :or {b 1} :as m} {}] b)", "(defn f [{:keys [n]} x] (foo n))", "(case 1 1 2 1 3)", "(case)", "(recur 1)", "(try)", "(try 1 (catch))",
        "(try (throw (ex-info \"m\" {:a 1})) (catch Exception e (ex-data e)) (finally 1))", "(for [x (range 3) :when (odd? x)] x)",
        "(doseq [x [1 2]] x)", "(-> 1 (+ 2) inc)", "(->> [1] (map inc))", "(defn f ([a] 1) ([a b] 2))", "(defn f [a] 1) (defn f [b] 2)",
        "(def a b) (def b a)", "(ns a) (ns b)", "(declare f) (defn g [x] (f x)) (defn f [x] x)", "(fn f [x] (f x))",
        "(+ 9223372036854775807 1)", "(/ 1 0)", "(quot -9223372036854775808 -1)", "(bit-shift-left 1 64)", "(subs \"é\" 1 0)",
        "(sort-by (fn [x] (throw (ex-info \"\" {}))) [2 1])", "(partition 0 [1])", "(nth [1] -1)", "(get-in {} nil)", "(apply + 1)",
        "(transduce (map inc) + [1 2])", "(format \"%5d %s %.2f %x\" 1 nil 2.5 255)", "(parse-long \"99999999999999999999\")",
        "(" * 450 + ")" * 450, "(-> 1" + " inc" * 500 + ")", "(let [" + " ".join(f"a{i} {i}" for i in range(300)) + "] a299)",
    ]
    return [row.encode() for row in rows if row.strip()]


def json_lines() -> list[bytes]:
    return [
        b'{"n":1}', b'{"n":1}\n{"n":2}\n{"n":"x"}', b'{"a":1,"b":2}\n{"b":1,"a":2}\n{"a":1}', b'{"a":1,"a":2}', b'{"a":{"b":[1,{"c":null}]}}',
        b'[1,2.5,-0,-0.0,1e300,1E-300,true,false,null,"s"]', b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808",
        b"-9223372036854775809", b"1e309", b"-1e309", b"1e-400", b"01", b"-", b"-a", b"1.", b".5", b"1.e5", b"1e", b"1e+", b"+1", b"NaN",
        b"Infinity", b"nul", b"truex", b"{", b"[", b"[1", b"[1,", b"[,1]", b"[1 2]", b"{,}", b'{"a"}', b'{"a":}', b'{"a":1,}', b"{a:1}",
        b"{'a':1}", b'{"a":1}x', b'"', b'"\\', b'"\\u', b'"\\u00', b'"\\u0000"', b'"\\ud83d\\ude00"', b'"\\ud83d"', b'"\\ude00"',
        b'"\\ud83d\\ud83d"', b'"\\ud83dx"', b'"\\x"', b'"\\n\\t\\r\\b\\f\\/\\\\\\""', b'"\x00"', b'"\x1f"', b'"\x7f"', b'"\xff"', b'"\xc3"',
        b'"\xc3\xa9"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xf0\x9f\x98\x80"', b"\xef\xbb\xbf{}", b"\x00", b"", b" ",
        b"\t{ \"a\" : 1 }\r", b"[" * 512 + b"]" * 512, b"[" * 513, b'{"a":' * 513, b'{"a/b":1,"/":2,"":3," ":4}', b'{"a\\u0062":1,"ab":2}',
        b'{"' + b"k" * 3000 + b'":1}', b'"' + b"x" * 40 + b"\xc3\xa9" + b"y" * 40 + b'"', b"{" + b",".join(b'"k%d":%d' % (i, i) for i in range(80)) + b"}",
        b"123456789012345678901234567890", b"0.1234567890123456789012345678901234567890", b"0.1e1\n1.0\n2e0\n3.5e-1", b"[[[]],{},[{}]]",
        b'{"a":1}\n{"a" :1}\n{"a": 1}\n{ "a":1}', b"[1]\r\n[2]\r\n",
    ]


def lines() -> list[bytes]:
    csv = [b"n,x,s\n1,2.5,a\n", b'n,x\n"1","2"\n', b'n,x\n"a\nb",2\n', b'n,x\n"a""b",2\n', b'n,x\n"a"b,2\n', b'n,x\na"b,2\n', b'n,x\n"open\nfor\never',
           b"n,n\n", b",\n", b"n\n1,2\n", b"n,x\n1\n", b"n,x\r\n1,2\r\n", b"n,x\n\n1,2\n\n", b"\xef\xbb\xbfn,x\n", b"n,x\n\xff,1\n", b"n,x\n\x00,1\n",
           b"n,x\n99999999999999999999,1e999\n", b"n,x\n, \n", b"n,x\n1 ,0x1p3\n", b"n,x\n-0,nan\n", b'""\n', b"n,x", b'"n","x"\n,\n',
           b",".join(b"c%d" % i for i in range(300)) + b"\n" + b",".join(b"%d" % i for i in range(300))]
    rows = [bytes([choice]) + text for text in csv for choice in (0x00, 0xC0)]
    rows += [b"\x02" + b"\n".join(json_lines()[:30]), b"\x22" + b"\n".join(json_lines()[20:])]
    rows += [b"\x03{:n 1}\n{:n\n[1]\n\n{:a {:b #{1}}}", b"\x03#inst \"2024\"\n{}\n\x00", b"\x04any\ntext\n\xff\n\n", b"\x04\r\n\r", b"\x00", b"\xc0"]
    return rows


def log() -> list[bytes]:
    join = b'{:onyx/format 1 :fn :prepare-join-cluster :args {:joiner :a :plugins [:p/x]} :writer :a :seq 0}'
    peers = b'{:onyx/format 1 :fn :add-virtual-peers :args {:group-id :a :ids [:p1 :p2 :p3] :peer-site "x" :tags [:t]} :writer :a :seq 1}'
    job = (b'{:fn :submit-job :args {:id :j :name "n" :tasks [:in :f :out] :inputs [:in] :outputs [:out] :in->out {:in #{:f} :f #{:out}} '
           b':task-scheduler :onyx.task-scheduler/balanced :saturation 9 :min-required-peers {:f 1} :task-saturation {:f 2}}}')
    rest = [
        b'{:fn :prepare-join-cluster :args {:joiner :b}}', b'{:fn :notify-join-cluster :args {:observer :b}}',
        b'{:fn :accept-join-cluster :args {:observer :a :subject :a :accepted-observer :a :accepted-joiner :b}}',
        b'{:fn :abort-join-cluster :args {:id :b}}', b'{:fn :group-leave-cluster :args {:id :a}}', b'{:fn :leave-cluster :args {:id :p1 :reason "r"}}',
        b'{:fn :add-virtual-peer :args {:group-id :b :id :p9}}', b'{:fn :kill-job :args {:job :j :reason "r" :by "client"}}',
        b'{:fn :complete-job :args {:job-id :j :replica-version 3 :epoch 4}}', b'{:fn :restart-job :args {:job :j :reason "r" :replica-version 3 :limit 2}}',
        b'{:fn :gc :args {:id "x"}}',
    ]
    tagged = (b'{:fn :submit-job :args {:id :k :tasks [:a :b] :inputs [:a] :outputs [:b] :in->out {:a #{:b}} :required-tags {:a [:t]} '
              b':plugins {:a :p/x} :percentage 50 :task-percentages {:a 50 :b 50} :flux-policies {:a :kill} :grouped #{:b} :state #{:b} '
              b':task-scheduler :onyx.task-scheduler/percentage}}')
    rows = [join, join + b"\n" + peers, b"\n".join([join, peers, job]), b"\n".join([join, peers, job, tagged])]
    rows += [b"\n".join([join, peers, job, one]) for one in rest]
    rows += [b"\n".join([join, peers, *rest[:3], job, tagged, *rest[5:]]), b"\n".join([job, tagged, join, peers]), b"\n".join([join, join, peers, peers])]
    rows += [b"", b"{", b"{}", b"{:fn :frobnicate :args {}}", b"{:fn :gc}", b"{:onyx/format 99 :fn :gc :args {}}", b"{:fn :kill-job :args {:job nil}}",
             b"{:fn :submit-job :args {:id :j :tasks 7}}", b"{:fn :submit-job :args {:id :j :tasks [:t] :inputs [:u]}}",
             b"{:fn :submit-job :args {:id :j :tasks [:t :t] :min-required-peers {:t -1} :task-saturation {:t ##Inf} :saturation ##NaN}}",
             b"{:fn :submit-job :args {:id :j :tasks [:t :u] :in->out {:t #{:u} :u #{:t}} :min-required-peers {:t 9223372036854775807}}}",
             b"{:fn :gc :args {} :writer :a :seq 9223372036854775807}", b"{:fn :gc :args {} :writer 5 :seq -1}"]
    return rows


def zookeeper() -> list[bytes]:
    def text(value: bytes) -> bytes:
        return struct.pack(">i", len(value)) + value

    def said(frame: bytes, who: int = 0) -> bytes:
        return struct.pack(">BH", who, len(frame)) + frame

    acl = struct.pack(">ii", 1, 31) + text(b"world") + text(b"anyone")
    hello = struct.pack(">iqiq", 0, 0, 1000, 0) + text(b"\0" * 16) + b"\0"
    resume = struct.pack(">iqiq", 0, 0, 1000, 0x10) + text(b"p" * 16) + b"\0"

    def request(op: int, body: bytes = b"", xid: int = 1) -> bytes:
        return struct.pack(">ii", xid, op) + body

    def create(path: bytes, flags: int = 0, op: int = 1) -> bytes:
        return request(op, text(path) + text(b"data") + acl + struct.pack(">i", flags))

    def multi(*parts: tuple[int, bytes]) -> bytes:
        body = b"".join(struct.pack(">i?i", op, False, -1) + part for op, part in parts)
        return request(14, body + struct.pack(">i?i", -1, True, -1))

    watch = b"\x01"
    version = struct.pack(">i", -1)
    frames = [
        create(b"/a"), create(b"/a/e", 1), create(b"/a/s-", 2), create(b"/a/es-", 3), create(b"/b", 0, 15), request(2, text(b"/a") + version),
        request(3, text(b"/n") + watch), request(4, text(b"/a") + watch), request(5, text(b"/a") + text(b"new") + version), request(6, text(b"/a")),
        request(7, text(b"/a") + acl + version), request(8, text(b"/a") + watch), request(9, text(b"/a")), request(11, b"", -2),
        request(12, text(b"/") + watch), request(13, text(b"/a") + version), request(18, text(b"/a") + struct.pack(">i", 3)),
        request(100, struct.pack(">i", 0) + text(b"digest") + text(b"u:p"), -4),
        request(101, struct.pack(">q", 0) + struct.pack(">i", 1) + text(b"/a") + struct.pack(">i", 1) + text(b"/n") + struct.pack(">i", 0), -8),
        request(-11), multi((1, create(b"/m")[8:]), (2, text(b"/m") + version)), multi((13, text(b"/none") + version), (1, create(b"/x")[8:])), multi(),
        request(99), request(3, text(b"/a//b") + watch), request(1, text(b"/x") + struct.pack(">i", 0x7fffffff)), request(1, text(b"/x") + struct.pack(">i", -1)),
        request(7, text(b"/a") + struct.pack(">i", 0x7fffffff)), request(14, b"\xff" * 9), b"", b"\0", b"\0\0\0\1",
    ]
    rows = [said(hello), said(hello[:-1]), said(hello[:20]), said(b""), said(resume), b"\0", b"\0\xff\xff"]
    rows += [said(hello) + said(create(b"/a")) + said(frame) for frame in frames]
    both = said(hello) + said(hello, 1) + said(create(b"/a")) + said(create(b"/a/e", 1))
    rows += [both + said(frames[6], 1) + said(frames[7], 1) + said(frames[11], 1) + said(request(-11)) + said(request(11, b"", -2), 1),
             both + said(frames[7], 1) + said(request(11, b"", -2), 0x81) * 4 + said(resume, 2), both + b"".join(said(f, i % 2) for i, f in enumerate(frames[:23])),
             both + said(resume, 2) + said(create(b"/late"), 0) + said(create(b"/late"), 2)]
    return rows


def settings() -> list[bytes]:
    required = b'{:onyx/tenancy-id "t" :zookeeper/address "127.0.0.1:2181" :onyx.peer/job-scheduler :onyx.job-scheduler/balanced '
    more = [b"", b":onyxd/peers 4", b":onyxd/peers -1", b':onyxd/peers "4"', b":onyxd/pears 4", b':onyxd/listen ["127.0.0.1:0" "unix:/x"]',
            b':onyxd/listen "x"', b':onyxd/file-roots ["/srv"]', b":onyx.peer/tags [:a :b :a]", b":onyxd/log-level :warn", b":onyxd/log-level :loud",
            b":onyx.peer/inbox-capacity 0", b":onyx.zookeeper/session-timeout-ms 99999999999999", b":onyx.messaging/impl :aeron", b":my/own {:a 1}",
            b":onyx/id 1", b"\n:onyx.peer/fn-params {:t [1 2]}", b":onyxd/workers 3 :onyxd/state-dir \"/var/lib/x\"", b":onyxd/peers 1 :onyxd/peers 2"]
    rows = [required + row + b"}" for row in more] + [b"", b"{}", b"[]", b"nil", b"{:a", b"1 2", b"{1 2}", b"\xff", b'{"a" 1}']
    rows += [p.read_bytes() for p in sorted((TREE / "packaging/config").glob("*.edn"))]
    return rows


def main() -> None:
    for make in (jobs, functions, json_lines, lines, log, zookeeper, settings):
        folder = CORPUS / {"jobs": "job", "functions": "function", "json_lines": "json", "lines": "line"}.get(make.__name__, make.__name__)
        folder.mkdir(parents=True, exist_ok=True)
        rows = make()
        for number, row in enumerate(rows):
            (folder / f"{number:03}").write_bytes(row)
        print(folder.name, len(rows), "files", sum(map(len, rows)), "bytes")


if __name__ == "__main__":
    main()
