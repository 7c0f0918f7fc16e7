#include "cli/output/cluster_report.h"

#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using edn::Value;

Value vector_of(const std::vector<std::string>& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(Value::string(text));
  return Value::vector(std::move(values));
}

Cell group_state_cell(const std::string& state) {
  return {state, state == "ready" ? &Paint::green : &Paint::yellow};
}

}  // namespace

std::string in_brackets(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? " " : "") + text;
  return out + "]";
}

Value value_of(const api::GroupView& group) {
  return fields_of({
      {"id", Value::string(group.id.text())},
      {"host", text_value(group.host)},
      {"version", text_value(group.version)},
      {"state", text_value(group.state)},
      {"peers", Value::integer(group.peers)},
      {"busy", Value::integer(group.busy)},
      {"tags", vector_of(group.tags)},
      {"plugins", vector_of(group.plugins)},
      {"position", group.position < 0 ? Value() : Value::integer(group.position)},
      {"stale", group.stale < 0 ? Value() : Value::integer(group.stale)},
      {"self", Value::boolean(group.is_self)},
  });
}

Value value_of(const api::PeerView& peer) {
  return fields_of({
      {"id", Value::string(peer.id.text())},
      {"group", text_value(peer.group.text())},
      {"host", text_value(peer.host)},
      {"state", text_value(peer.state)},
      {"job", text_value(peer.job.text())},
      {"job_name", text_value(peer.job_name)},
      {"task", text_value(peer.task)},
      {"slot", peer.job.empty() ? Value() : Value::integer(peer.slot)},
      {"tags", vector_of(peer.tags)},
  });
}

Table group_table(const std::vector<api::GroupView>& groups, bool is_short) {
  Table table;
  table.columns = {{"group"},
                   {"host"},
                   {"version"},
                   {"peers", true},
                   {"busy", true},
                   {"idle", true},
                   {"tags"},
                   {"log", true},
                   {"state"},
                   {"stale", true, true},
                   {"plugins", false, true}};
  for (const api::GroupView& group : groups) {
    table.rows.push_back(
        {is_short ? short_id(group.id.text()) : group.id.text(), group.host, group.version,
         std::to_string(group.peers), std::to_string(group.busy),
         std::to_string(group.peers - group.busy), in_brackets(group.tags),
         group.position < 0 ? "-" : std::to_string(group.position), group_state_cell(group.state),
         group.stale < 0 ? "-" : std::to_string(group.stale), in_brackets(group.plugins)});
  }
  return table;
}

Table peer_table(const std::vector<api::PeerView>& peers, bool is_short) {
  const auto id = [&](const std::string& text) { return is_short ? short_id(text) : text; };
  Table table;
  table.columns = {{"peer"}, {"group"}, {"host"}, {"state"}, {"job"}, {"task"}, {"slot", true}};
  for (const api::PeerView& peer : peers) {
    const bool is_idle = peer.job.empty();
    const std::string job = peer.job_name.empty() ? id(peer.job.text()) : peer.job_name;
    table.rows.push_back({id(peer.id.text()), id(peer.group.text()), peer.host, peer.state,
                          is_idle ? "-" : job, is_idle ? "-" : peer.task,
                          is_idle ? "-" : std::to_string(peer.slot)});
  }
  return table;
}

}  // namespace onyx::cli
