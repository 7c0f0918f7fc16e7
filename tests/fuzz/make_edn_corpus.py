#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/edn: small evil texts, one a file, named by their number and what they are about.

Run once after adding a row; inputs that a fuzzer found are kept beside them under their own names.
"""
import pathlib

ROWS = [
    # brackets
    b"[" * 600, b"(" * 513, b"{" * 513, b"#{" * 513, b"[" * 512 + b"]" * 512, b"[[[[[", b"]", b")", b"}", b"[1)", b"{[}]", b"(]",
    b"#_" * 600, b"#_", b"#_#_1", b"[#_]", b"{#_ a b c}", b"#t" + b" #t" * 600 + b" 1", b"#a", b"[#a]", b"#_ #a", b"#a #_ 1 2",
    # maps and sets
    b"{:a}", b"{:a 1 :a 2}", b"{1 1 1.0 2 1N 3}", b"{[1] 1 (1) 2}", b"#{1 1}", b"#{##NaN ##NaN}", b"#{0.0 -0.0}", b"{nil nil}",
    b"{{} {} #{} {}}", b"{\"a\" 1 :a 2 a 3}", b"#:a{:b 1 :a/b 2}", b"#:a{}", b"#:a", b"#:", b"#::a{}", b"#:a/b{}", b"#:_{:a 1}",
    b"#:a{:_/b 1 b 2 _/c 3}", b"#:a {:b 1}", b"{" + b" ".join(b":k%d %d" % (i, i) for i in range(70)) + b"}",
    b"{" + b" ".join(b"%d %d" % (i, i) for i in range(70)) + b"}", b"#{" + b" ".join(b"%d" % i for i in range(70)) + b"}",
    b"[" + b" ".join(b"%d" % i for i in range(70)) + b"]", b"{,,,}", b"{:a,1,:b,2}",
    # names
    b":", b"::", b"::a", b":a:", b":a::b", b"a/", b"/a", b"/", b"//", b"a//", b"a//b", b"a/b/c", b":/", b":/a", b":a/", b":a/1", b":1",
    b":1/a", b"a:/b", b"a:b", b"a:", b"+", b"-", b"+a", b"-:", b".", b"..", b".5", b"'a", b"a'", b"a#b", b"a@b", b"`a", b"~a", b"@a",
    b"^a b", b"nil/a", b"true", b"falsey", b":nil", b"nil nil", b"a\xc2\xa0b", b"a\xe2\x80\xa8b", b"\xe3\x80\x80", b"k" * 5000,
    b":" + b"k" * 5000,
    # numbers
    b"0", b"00", b"-0", b"+0", b"01", b"08", b"0x", b"0xg", b"0xFF", b"-0x8000000000000000", b"0x8000000000000000", b"2r2", b"1r0",
    b"37r1", b"36rzZ", b"0r1", b"r1", b"2r", b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808",
    b"-9223372036854775809", b"1N", b"1.0N", b"1M", b"1.5M", b"1e5M", b"1MM", b"1.", b"1.e5", b"1e", b"1e+", b"1e+5", b"1e400",
    b"-1e400", b"1e-400", b"4.9e-324", b"1e999999999999999999999", b"1e-999999999999999999999", b"0e999999999", b"1/2", b"1/0", b"0/1",
    b"-9223372036854775808/1", b"9223372036854775808/2", b"1/9223372036854775808", b"1/2/3", b"1/-2", b"1/", b"1/2N", b"1a", b"1:a",
    b"1\"a\"", b"1[2]", b"1#_2", b"1'", b"1" * 4096, b"1" * 4097, b"1." + b"1" * 4000, b"0." + b"0" * 4000 + b"1", b"##Inf", b"##-Inf",
    b"##NaN", b"## NaN", b"##nan", b"##", b"##1", b"###", b"1_000",
    # strings and characters
    b'"', b'"\\', b'"\\"', b'"\\u', b'"\\u12"', b'"\\u0000"', b'"\\ud83d"', b'"\\ud83d\\ude00"', b'"\\ude00\\ud83d"', b'"\\ud83d\\u0041"',
    b'"\\ud83d\\ud83d"', b'"\\7"', b'"\\377"', b'"\\400"', b'"\\8"', b'"\\x"', b'"\n\r\t"', b'"a""b"', b"\\", b"\\ ", b"\\a", b"\\ab",
    b"\\(", b"\\(a", b"\\,", b"\\;a", b"\\\"", b"\\\\", b"\\u", b"\\u0041", b"\\u004", b"\\ud800", b"\\o", b"\\o7", b"\\o777", b"\\o400",
    b"\\newline", b"\\newlines", b"\\\xc3\xa9", b"\\\xf0\x9f\x98\x80", b"\\\n", b'"' + b"x" * 3000 + b'"', b'"' + b"\\n" * 1000 + b'"',
    # bytes
    b"", b" ", b",", b";", b"; a", b";\n", b"\n\n\n", b"\x00", b'"\x00"', b"a\x00b", b"\xef\xbb\xbf1", b"1\xef\xbb\xbf", b"\xff", b'"\xff"',
    b'"\xc3"', b'"\xc3\x28"', b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82",
    b"\xf0\x9f\x98", b"\x1f\x1c1", b"\x7f", b"\x01", b"\r\n1\r\n", b"1\x0b2",
    # tags
    b'#inst "2024"', b'#inst "2024-02-30"', b'#inst "2024-02-29T24:00"', b'#inst "2024-02-29T23:59:60"', b'#inst "2024-02-29T23:58:60"',
    b'#inst "2024-01-01T00:00:00.1234567890123"', b'#inst "+292278994-08-17T07:12:55.807Z"', b'#inst "+292278994-08-17T07:12:55.808Z"',
    b'#inst "-292275055-05-16T16:47:04.192Z"', b'#inst "999999999"', b'#inst ""', b"#inst 1", b"#inst nil", b"#inst",
    b'#inst "2024-01-01T00:00:00+24:00"', b'#inst #inst "2024"', b'#uuid "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"',
    b'#uuid "f81d4fae-7dec-11d0-a765-00a0c91e6bfg"', b'#uuid "f81d4fae7dec11d0a76500a0c91e6bf6"', b'#uuid ""', b"#uuid 1",
    b"#a/b 1", b"#a/ 1", b"#1 1", b"#nil 1", b"#true 1", b"# a", b"#", b"#(", b"#'a", b'#"a"', b"#<a>", b"#^a b", b"#?(:clj 1)", b"#=1", b"#!a",
    b"#\xc3\xa9 1", b"#a:b 1", b"#a{}", b"#a[]", b'#a"b"',
    # whole documents
    b"1 2", b"1 ;", b"{:workflow [[:in :inc] [:inc :out]] :catalog [{:onyx/name :in}]}",
    b"{:user/id 1, :when #inst \"2024-05-31T00:00:00.000-00:00\", :tags #{:a :b}, :n [1 2.5 3/4 nil true]}",
]


def name_of(row: bytes) -> str:
    word = "".join(chr(c) if chr(c).isalnum() and c < 128 else "_" for c in row[:16])
    return word or "empty"


def main() -> None:
    folder = pathlib.Path(__file__).parent / "corpus" / "edn"
    folder.mkdir(parents=True, exist_ok=True)
    for number, row in enumerate(ROWS):
        (folder / f"{number:03}_{name_of(row)}.edn").write_bytes(row)
    print(len(ROWS), "files")


if __name__ == "__main__":
    main()
