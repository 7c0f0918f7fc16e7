#include <catch2/catch.hpp>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

const std::string kPeer = "aaaa1111-0000-4000-8000-000000000001";
const std::string kGroup = "cccc1111-0000-4000-8000-000000000001";

std::vector<service::ReplicaChangeView> some_changes() {
  const std::string peer = "#uuid \"" + kPeer + "\"";
  const std::string job = "#uuid \"" + kClicks + "\"";
  return {{"[:peers " + peer + "]", "", "{:group #uuid \"" + kGroup + "\"}"},
          {"[:jobs " + job + " :allocation :in]", "[]", "[" + peer + "]"},
          {"[:left " + job + "]", "3", ""}};
}

service::EntryView an_entry() {
  service::EntryView view;
  view.entry = {
      412,  1'700'000'000'000, "accept-join-cluster", "group cccc1111", "joined", "{:observer :g}",
      false};
  view.by = "client";
  view.writer = GroupId(kGroup);
  view.seq = 7;
  view.cause =
      service::LogEntryView{411, 1, "notify-join-cluster", "group cccc1111", "", "", false};
  view.diff_edn = "{:change :group-joined}";
  view.changes = some_changes();
  return view;
}

}  // namespace

TEST_CASE("replica show: a value for people and for programs", "[cli]") {
  Rig rig;
  rig.backend.log.newest = 7;
  rig.backend.replica_edn = "{:version 7, :peers {#uuid \"" + kPeer + "\" {:group :g}}}";
  CHECK(rig.run({"replica", "show"}).out ==
        "{:version 7, :peers {#uuid \"" + kPeer + "\" {:group :g}}}\n");
  const edn::Value got = rig.run({"replica", "show", "--at", "5", "-o", "json"}).json();
  CHECK(got.get("kind") == edn::Value::string("Replica"));
  CHECK(got.get("position") == edn::Value::integer(5));
  CHECK(has(rig.run({"replica", "show", "-o", "json"}).out,
            "\"peers\":{\"" + kPeer + "\":{\"group\":\"g\"}}"));
  CHECK(rig.run({"replica", "show", "--at", "5", "-q"}).out == "5\n");
  CHECK(has(rig.run({"replica", "show", "-o", "edn"}).out, "{:kind \"Replica\""));
}

TEST_CASE("replica show, replica diff, log show: what is no number is exit 2, what is gone exit 5",
          "[cli]") {
  Rig rig;
  CHECK(rig.run({"replica", "show", "--at", "x"}).code == 2);
  CHECK(rig.run({"replica", "diff", "1", "x"}).code == 2);
  CHECK(rig.run({"replica", "diff"}).code == 2);
  const Ran ran = rig.run({"log", "show", "9999999999999"});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "found `9999999999999` for N, wanted the number of an entry"));
  rig.backend.refusal = service::Refusal(
      Error(ErrorCode::not_found, "the log begins at its origin, entry 12", "NET-40"));
  CHECK(rig.run({"replica", "show", "--at", "3"}).code == 5);
  CHECK(rig.run({"replica", "diff", "3", "4"}).code == 5);
  CHECK(rig.run({"log", "show", "3"}).code == 5);
}

TEST_CASE("replica diff: a row a change", "[cli]") {
  Rig rig;
  rig.backend.changes = some_changes();
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  CHECK(
      rig.run({"replica", "diff", "3", "4"}).out ==
      "   what                         before  after\n"
      "+  peers aaaa1111               -       {:group #uuid \"cccc1111-0000-4000-8000-00000000…\n"
      "~  jobs 6f1c02d9 allocation in  []      [aaaa1111]\n"
      "-  left 6f1c02d9                3       -\n");
  rig.is_out_terminal = false;
  CHECK(has(rig.run({"replica", "diff", "3", "4"}).out,
            "~\tjobs " + kClicks + " allocation in\t[]\t[#uuid \"" + kPeer + "\"]\n"));
  rig.backend.log.newest = 9;
  const edn::Value got = rig.run({"replica", "diff", "3", "-o", "json"}).json();
  CHECK(got.get("to") == edn::Value::integer(9));
  CHECK(got.get("changes").at(0).get("change") == edn::Value::string("added"));
  CHECK(got.get("changes").at(2).get("change") == edn::Value::string("removed"));
  CHECK(has(rig.run({"replica", "diff", "3", "4", "-o", "ndjson"}).out, "\"changed\""));
  CHECK(rig.run({"replica", "diff", "3", "4", "-o", "name"}).out == "3\n4\n");
}

TEST_CASE("log show: who, why, and what it changed", "[cli]") {
  Rig rig;
  rig.backend.shown = an_entry();
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  const std::string out = rig.run({"log", "show", "412"}).out;
  CHECK(out.rfind("entry 412   accept-join-cluster   group cccc1111   2023-11-14T22:13:20.000Z\n"
                  "  by       client\n"
                  "  writer   group cccc1111, its entry 7\n"
                  "  cause    entry 411   notify-join-cluster   group cccc1111\n"
                  "  effect   joined\n"
                  "  args     {:observer :g}\n"
                  "\n"
                  "   what ",
                  0) == 0);
  CHECK(has(out, "~  jobs 6f1c02d9 allocation in  []      [aaaa1111]\n"));
  const edn::Value got = rig.run({"log", "show", "412", "-o", "json"}).json();
  CHECK(got.get("kind") == edn::Value::string("LogEntryDetail"));
  CHECK(got.get("cause").get("position") == edn::Value::integer(411));
  CHECK(got.get("diff").get("change") == edn::Value::string("group-joined"));
  CHECK(got.get("changes").count() == 3);
  CHECK(rig.run({"log", "show", "412", "-q"}).out == "412\n");
}

TEST_CASE("log show: an entry without effect, and the one that the log begins with", "[cli]") {
  Rig rig;
  rig.backend.shown = an_entry();
  rig.backend.shown.changes.clear();
  rig.backend.shown.cause->fn.clear();
  std::string out = rig.run({"log", "show", "412"}).out;
  CHECK(has(out, "  the replica is as it was\n"));
  CHECK(has(out, "  cause    entry 411, which a gc has taken\n"));
  rig.backend.shown.is_origin = true;
  out = rig.run({"log", "show", "412"}).out;
  CHECK(has(out, "  effect   not known any more: the log begins here, after a gc\n"));
  CHECK_FALSE(has(out, "as it was"));
  CHECK(rig.run({"log", "show", "412", "-o", "json"}).json().find("changes") == nullptr);
}

}  // namespace onyx::cli
