#include "daemon/runtime/inquiries.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/replica/queries.h"

namespace onyx::runtime {

namespace {

using edn::Value;

constexpr std::size_t kJobsInQuestion = 1'000;
constexpr std::size_t kOutputBytesMax = 4 * 1024 * 1024;

Value keyword(std::string_view name) { return Value::keyword(name); }
Value number(std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); }

std::uint64_t number_in(const Value& value) {
  return value.is_integer() && value.as_integer() > 0
             ? static_cast<std::uint64_t>(value.as_integer())
             : 0;
}

// A group without peers has no site, unless it is drained; it has nothing to tell either.
std::optional<messaging::Site> site_of(const replica::Replica& replica, const GroupId& id) {
  const replica::Group* group = replica.groups.find(id);
  if (group == nullptr || (group->peers.empty() && !group->drained)) return std::nullopt;
  const std::string_view site = group->drained ? std::string_view(group->drained->site)
                                               : replica::site_of(replica, group->peers.front());
  if (site.empty()) return std::nullopt;
  return messaging::Site{id, std::string(replica::addresses_of(site))};
}

// --- reports ---

Value to_edn(const TaskProgress& task) {
  return Value::vector({Value::string(task.task.text()), Value::integer(task.peers),
                        number(task.segments_in), number(task.segments_out), number(task.dropped),
                        number(task.busy_ns), number(task.plugin.records),
                        number(task.plugin.bytes), number(task.plugin.bytes_total),
                        number(task.plugin.bad_records), Value::integer(task.starting),
                        Value::string(task.starting_in)});
}

std::optional<TaskProgress> task_from(const Value& value) {
  if (!value.is_vector() || value.count() != 12 || !value.at(0).is_string() ||
      !value.at(11).is_string())
    return std::nullopt;
  TaskProgress task;
  task.task = TaskId(std::string(value.at(0).as_string()));
  task.peers = static_cast<std::int32_t>(number_in(value.at(1)));
  task.segments_in = number_in(value.at(2));
  task.segments_out = number_in(value.at(3));
  task.dropped = number_in(value.at(4));
  task.busy_ns = number_in(value.at(5));
  task.plugin.records = number_in(value.at(6));
  task.plugin.bytes = number_in(value.at(7));
  task.plugin.bytes_total = number_in(value.at(8));
  task.plugin.bad_records = number_in(value.at(9));
  task.starting = static_cast<std::int32_t>(number_in(value.at(10)));
  task.starting_in = value.at(11).as_string();
  return task;
}

Value to_edn(const JobReport& report) {
  std::vector<Value> tasks;
  for (const TaskProgress& task : report.tasks) tasks.push_back(to_edn(task));
  return Value::map({{keyword("version"), Value::integer(report.version)},
                     {keyword("tasks"), Value::vector(std::move(tasks))}});
}

std::optional<JobReport> report_from(const Value& value) {
  if (!value.is_map() || !value.get("version").is_integer() || !value.get("tasks").is_vector())
    return std::nullopt;
  JobReport report;
  report.version = value.get("version").as_integer();
  for (const Value& task : value.get("tasks").items()) {
    auto read = task_from(task);
    if (!read.has_value()) return std::nullopt;
    report.tasks.push_back(std::move(*read));
  }
  return report;
}

std::string reports_question(std::span<const JobId> jobs) {
  std::vector<Value> ids;
  for (const JobId& job : jobs) ids.push_back(Value::string(job.text()));
  return edn::print(Value::map(
      {{keyword("ask"), keyword("reports")}, {keyword("jobs"), Value::vector(std::move(ids))}}));
}

std::string reports_answer(const Value& question, const TaskLauncher& launcher) {
  Value reports = Value::map();
  for (const Value& id : question.get("jobs").items()) {
    if (!id.is_string()) continue;
    if (const auto report = launcher.report(JobId(std::string(id.as_string()))))
      reports = std::move(reports).assoc(id, to_edn(*report));
  }
  return edn::print(reports);
}

// --- groups ---

Value to_edn(const GroupReport& report) {
  return Value::map({{keyword("version"), Value::string(report.version)},
                     {keyword("position"), Value::integer(report.position)},
                     {keyword("stale"), Value::integer(report.stale)}});
}

std::optional<GroupReport> group_from(const Value& value) {
  if (!value.is_map() || !value.get("version").is_string() || !value.get("position").is_integer())
    return std::nullopt;
  const Value& stale = value.get("stale");
  return GroupReport{std::string(value.get("version").as_string()),
                     value.get("position").as_integer(),
                     stale.is_integer() ? stale.as_integer() : -1};
}

// --- outputs ---

OutputReport output_report(const plugins::OutputStore& outputs, const JobId& job,
                           const TaskId& task, std::size_t limit) {
  OutputReport report;
  report.tasks = outputs.tasks(job);
  const auto log = outputs.find(job, task);
  if (log == nullptr) return report;
  const auto view = log->read();
  report.version = view.version;
  report.written = view.written;
  std::size_t bytes = 0;
  for (auto it = view.segments.rbegin(); it != view.segments.rend(); ++it) {
    if (limit != 0 && report.segments.size() == limit) break;
    std::string printed = edn::print(*it);
    bytes += printed.size();
    if (bytes > kOutputBytesMax) break;
    report.segments.push_back(std::move(printed));
  }
  std::reverse(report.segments.begin(), report.segments.end());
  return report;
}

std::string outputs_question(const JobId& job, const TaskId& task, std::size_t limit) {
  return edn::print(Value::map({{keyword("ask"), keyword("outputs")},
                                {keyword("job"), Value::string(job.text())},
                                {keyword("task"), Value::string(task.text())},
                                {keyword("limit"), number(limit)}}));
}

std::string outputs_answer(const Value& question, const plugins::OutputStore& outputs) {
  const auto text = [&](std::string_view key) {
    const Value& value = question.get(key);
    return value.is_string() ? std::string(value.as_string()) : std::string();
  };
  const OutputReport report =
      output_report(outputs, JobId(text("job")), TaskId(text("task")),
                    static_cast<std::size_t>(number_in(question.get("limit"))));
  std::vector<Value> tasks;
  for (const TaskId& task : report.tasks) tasks.push_back(Value::string(task.text()));
  std::vector<Value> segments;
  for (const std::string& segment : report.segments) segments.push_back(Value::string(segment));
  return edn::print(Value::map({{keyword("tasks"), Value::vector(std::move(tasks))},
                                {keyword("version"), Value::integer(report.version)},
                                {keyword("written"), number(report.written)},
                                {keyword("segments"), Value::vector(std::move(segments))}}));
}

std::optional<OutputReport> output_from(const Value& value) {
  if (!value.is_map() || !value.get("tasks").is_vector() || !value.get("segments").is_vector() ||
      !value.get("version").is_integer())
    return std::nullopt;
  OutputReport report;
  report.version = value.get("version").as_integer();
  report.written = number_in(value.get("written"));
  for (const Value& task : value.get("tasks").items()) {
    if (!task.is_string()) return std::nullopt;
    report.tasks.emplace_back(std::string(task.as_string()));
  }
  for (const Value& segment : value.get("segments").items()) {
    if (!segment.is_string()) return std::nullopt;
    report.segments.emplace_back(segment.as_string());
  }
  return report;
}

// What has been answered so far; whoever asked waits here. Late answers find it still there, and nobody reads them.
class Mailbox {
 public:
  explicit Mailbox(std::size_t questions) : answers_(questions), missing_(questions) {}

  void put(std::size_t number, const Result<std::string>& answer) {
    std::optional<Value> value;
    if (answer.has_value()) {
      if (auto read = edn::read(*answer); read.has_value()) value = std::move(*read);
    }
    std::lock_guard lock(mutex_);
    answers_[number] = std::move(value);
    if (--missing_ == 0) changed_.notify_all();
  }
  std::vector<std::optional<Value>> wait(Instant deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [this] { return missing_ == 0; });
    return answers_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<Value>> answers_;  // guarded by mutex_; by number of the question
  std::size_t missing_;                        // guarded by mutex_
};

}  // namespace

Inquiries::Inquiries(GroupId self, messaging::Transport* transport, const TaskLauncher& launcher,
                     std::shared_ptr<const plugins::OutputStore> outputs,
                     std::function<GroupReport()> about_self)
    : self_(std::move(self)),
      transport_(transport),
      launcher_(launcher),
      outputs_(std::move(outputs)),
      about_self_(std::move(about_self)),
      thread_("inquiries", [this] {
        while (auto question = queue_.pop()) question->answer(answer_to(question->text));
      }) {
  if (transport_ == nullptr) return;
  transport_->answer_with([this](std::string question, const messaging::Answer& answer) {
    if (!queue_.try_push(Question{std::move(question), answer}))
      answer(failure(ErrorCode::resource_exhausted, "too many questions wait for an answer"));
  });
}

Inquiries::~Inquiries() { close(); }

void Inquiries::close() {
  {
    const concurrency::MutexLock lock(mutex_);
    if (std::exchange(is_closed_, true)) return;
  }
  if (transport_ != nullptr) transport_->answer_with(nullptr);
  queue_.close();
  thread_.join();
}

Result<std::string> Inquiries::answer_to(const std::string& text) const {
  const auto question = edn::read(text);
  if (question.has_value() && question->is_map()) {
    if (question->get("ask").is_keyword("reports") && question->get("jobs").is_vector())
      return reports_answer(*question, launcher_);
    if (question->get("ask").is_keyword("group")) return edn::print(to_edn(own()));
    if (question->get("ask").is_keyword("outputs") && outputs_ != nullptr)
      return outputs_answer(*question, *outputs_);
  }
  return failure(ErrorCode::unimplemented, "this daemon does not understand the question");
}

std::vector<std::optional<Value>> Inquiries::ask(const std::vector<Asked>& asked,
                                                 Instant deadline) {
  if (asked.empty()) return {};
  const auto mailbox = std::make_shared<Mailbox>(asked.size());
  {
    const concurrency::MutexLock lock(mutex_);
    if (is_closed_) return std::vector<std::optional<Value>>(asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      transport_->ask(asked[i].site, asked[i].question,
                      [mailbox, i](const Result<std::string>& answer) { mailbox->put(i, answer); });
    }
  }
  return mailbox->wait(deadline);
}

std::set<GroupId> Inquiries::groups_to_ask(const replica::Replica& replica,
                                           const JobId& job) const {
  std::set<GroupId> groups;
  if (transport_ == nullptr) return groups;
  if (const replica::Job* live = replica::find_job(replica, job)) {
    for (const auto& seats : live->seats) {
      for (const PeerId& peer : seats) {
        if (const auto group = replica::group_of(replica, peer)) groups.insert(*group);
      }
    }
  } else {
    for (const GroupId& group : replica.membership->joined) groups.insert(group);
  }
  groups.erase(self_);
  return groups;
}

GroupReport Inquiries::own() const {
  GroupReport report = about_self_();
  const concurrency::MutexLock lock(mutex_);
  if (transport_ != nullptr && !is_closed_)
    report.stale += static_cast<std::int64_t>(transport_->counters().stale);
  return report;
}

std::map<GroupId, GroupReport> Inquiries::groups(const replica::Replica& replica,
                                                 Instant deadline) {
  std::map<GroupId, GroupReport> heard{{self_, own()}};
  std::vector<Asked> asked;
  for (const GroupId& group : replica.membership->joined) {
    if (group == self_ || transport_ == nullptr) continue;
    if (auto site = site_of(replica, group)) asked.push_back({std::move(*site), "{:ask :group}"});
  }
  const auto answers = ask(asked, deadline);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto report = answers[i].has_value() ? group_from(*answers[i]) : std::nullopt;
    if (report.has_value()) heard.emplace(asked[i].site.group, std::move(*report));
  }
  return heard;
}

HeardReports Inquiries::reports(const replica::Replica& replica, const std::vector<JobId>& jobs,
                                Instant deadline) {
  HeardReports heard;
  std::map<GroupId, std::vector<JobId>> by_group;
  for (const JobId& job : jobs) {
    if (auto own = launcher_.report(job)) heard.of[job].emplace(self_, std::move(*own));
    for (const GroupId& group : groups_to_ask(replica, job)) by_group[group].push_back(job);
  }
  std::vector<Asked> asked;
  std::vector<std::span<const JobId>> about;  // of each
  for (const auto& [group, wanted] : by_group) {
    const auto site = site_of(replica, group);
    if (!site.has_value()) continue;
    for (std::size_t begin = 0; begin < wanted.size(); begin += kJobsInQuestion) {
      const std::size_t count = std::min(kJobsInQuestion, wanted.size() - begin);
      about.push_back(std::span(wanted).subspan(begin, count));
      asked.push_back({*site, reports_question(about.back())});
    }
  }
  const auto answers = ask(asked, deadline);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const GroupId& group = asked[i].site.group;
    if (!answers[i].has_value() || !answers[i]->is_map()) {
      for (const JobId& job : about[i]) heard.silent[job].insert(group);
      continue;
    }
    for (const edn::Entry entry : answers[i]->entries()) {
      auto report = report_from(entry.value);
      if (entry.key.is_string() && report.has_value()) {
        heard.of[JobId(std::string(entry.key.as_string()))].emplace(group, std::move(*report));
      }
    }
  }
  return heard;
}

HeardOutputs Inquiries::outputs(const replica::Replica& replica, const JobId& job,
                                const TaskId& task, std::size_t limit, Instant deadline) {
  HeardOutputs heard;
  if (outputs_ != nullptr) heard.of.emplace(self_, output_report(*outputs_, job, task, limit));
  std::vector<Asked> asked;
  for (const GroupId& group : groups_to_ask(replica, job)) {
    if (auto site = site_of(replica, group))
      asked.push_back({std::move(*site), outputs_question(job, task, limit)});
  }
  const auto answers = ask(asked, deadline);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto report = answers[i].has_value() ? output_from(*answers[i]) : std::nullopt;
    if (report.has_value()) {
      heard.of.emplace(asked[i].site.group, std::move(*report));
    } else {
      heard.silent.insert(asked[i].site.group);
    }
  }
  return heard;
}

}  // namespace onyx::runtime
