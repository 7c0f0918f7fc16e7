#include "daemon/task/phase_table.h"

#include <catch2/catch.hpp>

#include <string>

namespace onyx::task {
namespace {

std::string names(const PhaseTable& table, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) {
    text += (text.empty() ? "" : " ") +
            std::string(table.phases[i].name.substr(std::string_view("lifecycle/").size()));
  }
  return text;
}

std::string loop(TaskKind kind, bool has_batch_hooks) {
  const PhaseTable& table = phase_table(kind, has_batch_hooks);
  return names(table, table.iteration_begin, table.batch_begin) + " | " +
         names(table, table.batch_begin, table.phases.size());
}

TEST_CASE("phase table: each kind of task has its own loop", "[task][phases]") {
  CHECK(loop(TaskKind::source, false) ==
        "next-iteration input-poll-barriers seal-barriers? offer-barriers offer-barrier-status | "
        "read-batch apply-fn prepare-batch write-batch");
  CHECK(loop(TaskKind::intermediate, false) ==
        "next-iteration seal-barriers? offer-barriers offer-barrier-status | "
        "read-batch apply-fn prepare-batch write-batch");
  CHECK(loop(TaskKind::sink, false) ==
        "next-iteration seal-barriers? offer-barrier-status | read-batch apply-fn prepare-batch "
        "write-batch");
}

TEST_CASE("phase table: batch hooks have phases only where there are some", "[task][phases]") {
  CHECK(loop(TaskKind::intermediate, true) ==
        "next-iteration seal-barriers? offer-barriers offer-barrier-status | before-batch "
        "read-batch after-read-batch "
        "apply-fn after-apply-fn prepare-batch write-batch after-batch");
}

TEST_CASE("phase table: the tables of a kind agree up to the loop", "[task][phases]") {
  for (const TaskKind kind : {TaskKind::source, TaskKind::intermediate, TaskKind::sink}) {
    const PhaseTable& without = phase_table(kind, false);
    const PhaseTable& with = phase_table(kind, true);
    REQUIRE(without.iteration_begin == with.iteration_begin);
    CHECK(names(without, 0, without.iteration_begin) == names(with, 0, with.iteration_begin));
  }
}

}  // namespace
}  // namespace onyx::task
