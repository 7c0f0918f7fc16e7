#include "daemon/zookeeper/embedded/request_codec.h"

#include <catch2/catch.hpp>
#include <random>

#include "tests/unit/daemon/zookeeper/frames.h"

namespace onyx::zookeeper::embedded {
namespace {

std::optional<Request> decode(std::string_view frame) {
  JuteReader in(frame);
  const RequestHeader header = decode_header(in);
  bool known = false;
  return decode_request(header.op, in, known);
}

}  // namespace

TEST_CASE("jute: a length larger than what is left is refused before it is allocated",
          "[embedded][codec]") {
  for (const std::int32_t length : {1, 1'000'000'000, 0x7fffffff}) {
    JuteWriter out;
    out.integer(length);
    const std::string bytes = out.take();
    JuteReader text(bytes);
    CHECK(text.text().empty());
    CHECK(!text.ok());
    JuteReader list(bytes);
    CHECK(list.texts().empty());
    CHECK(!list.ok());
  }
}

TEST_CASE("jute: a negative length is nothing", "[embedded][codec]") {
  JuteWriter out;
  out.integer(-1);
  const std::string bytes = out.take();
  JuteReader in(bytes);
  CHECK(in.text().empty());
  CHECK(in.ok());
  CHECK(in.at_end());
}

TEST_CASE("codec: every request cut short anywhere is refused", "[embedded][codec]") {
  JuteWriter multi = request(1, Op::multi);
  multi.integer(13);
  multi.boolean(false);
  multi.integer(-1);
  multi.text("/a");
  multi.integer(0);
  multi.integer(-1);
  multi.boolean(true);
  multi.integer(-1);
  JuteWriter watches = request(1, Op::set_watches);
  watches.long_integer(7);
  watches.texts({"/a", "/b"});
  watches.texts({});
  watches.texts({"/c"});
  for (const std::string& frame :
       {create_frame(1, "/a"), exists_frame(1, "/a"), multi.take(), watches.take()}) {
    CHECK(decode(frame).has_value());
    for (std::size_t length = 0; length < frame.size(); ++length) {
      CHECK(!decode(std::string_view(frame).substr(0, length)).has_value());
    }
    CHECK(!decode(frame + "x").has_value());
  }
}

TEST_CASE("codec: random bytes are refused or are a request, and harm nothing",
          "[embedded][codec]") {
  std::mt19937 random(1);
  const Op ops[] = {Op::create, Op::remove,      Op::exists,  Op::get_data,     Op::set_data,
                    Op::multi,  Op::set_watches, Op::set_acl, Op::get_children, Op::check};
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? random() : random() % 4);
    JuteReader in(bytes);
    bool known = false;
    decode_request(ops[random() % 10], in, known);
    CHECK(known);
    decode_connect(bytes);
    JuteReader auth(bytes);
    decode_auth(auth);
  }
}

}  // namespace onyx::zookeeper::embedded
