#include "daemon/dataflow/transform.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/lang/exception.h"
#include "daemon/dataflow/task_exception.h"

namespace onyx::dataflow {

void Results::clear() {
  segments.clear();
  is_one_to_one = true;
  ends.clear();
  exceptions.clear();
}

void Results::unalign() {
  if (!is_one_to_one) return;
  is_one_to_one = false;
  ends.resize(segments.size());
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i] = static_cast<std::uint32_t>(i + 1);
}

void Results::add_none() {
  unalign();
  ends.push_back(static_cast<std::uint32_t>(segments.size()));
}

bool Results::add_sequence(const edn::Value& sequence) {
  unalign();
  const std::size_t before = segments.size();
  for (const edn::Value& segment : sequence.items()) {
    if (!segment.is_map()) {
      segments.resize(before);
      return false;
    }
    segments.push_back(segment);
  }
  ends.push_back(static_cast<std::uint32_t>(segments.size()));
  return true;
}

void Results::add_exception(edn::Value exception) {
  add_none();
  exceptions.push_back({ends.size() - 1, std::move(exception)});
}

Transform::Transform(const TaskFunction& function, edn::Value task, Evaluator& evaluator)
    : function_(function), task_(std::move(task)), evaluator_(evaluator) {}

tl::expected<void, edn::Value> Transform::apply(std::vector<edn::Value>& batch,
                                                std::span<const edn::Value> parameters,
                                                bool keeps_batch, bool catches, Results& results) {
  results.clear();
  results.segments.reserve(batch.size());
  if (function_.is_identity) return apply_identity(batch, keeps_batch, catches, results);
  if (function_.is_batch_fn) return apply_to_batch(batch, parameters, catches, results);
  return apply_to_each(batch, parameters, keeps_batch, catches, results);
}

Transform::Applied Transform::apply_identity(std::vector<edn::Value>& batch, bool keeps_batch,
                                             bool catches, Results& results) {
  const bool all_maps =
      std::all_of(batch.begin(), batch.end(), [](const edn::Value& v) { return v.is_map(); });
  if (all_maps) {
    if (keeps_batch) {
      results.segments = batch;
    } else {
      results.segments.swap(batch);
    }
    return {};
  }
  for (const edn::Value& element : batch) {
    if (Applied added = add_result(element, element, catches, results); !added.has_value())
      return added;
  }
  return {};
}

Transform::Applied Transform::apply_to_each(std::vector<edn::Value>& batch,
                                            std::span<const edn::Value> parameters,
                                            bool keeps_batch, bool catches, Results& results) {
  if (keeps_batch) copies_ = batch;
  std::vector<edn::Value>& elements = keeps_batch ? copies_ : batch;
  for (std::size_t begin = 0;;) {
    Evaluated other;
    const std::size_t end = begin + evaluator_.call_each(function_.function, parameters,
                                                         std::span(elements).subspan(begin), other);
    if (begin == 0 && end == elements.size()) {
      results.segments.swap(elements);
      break;
    }
    for (; begin < end; ++begin) results.add_one(std::move(elements[begin]));
    if (end == elements.size()) break;
    Applied added = other.has_value()
                        ? add_result(std::move(*other), elements[end], catches, results)
                        : refuse(std::move(other).error(), elements[end], catches, results);
    if (!added.has_value()) return added;
    ++begin;
  }
  copies_.clear();
  return {};
}

Transform::Applied Transform::apply_to_batch(std::vector<edn::Value>& batch,
                                             std::span<const edn::Value> parameters, bool catches,
                                             Results& results) {
  arguments_.assign(parameters.begin(), parameters.end());
  arguments_.push_back(edn::Value::vector(batch));
  const Evaluated evaluated = evaluator_.call(function_.function, arguments_);
  if (!evaluated.has_value()) return refuse_batch(evaluated.error(), batch, catches, results);
  if ((!evaluated->is_sequential() && !evaluated->is_nil()) || evaluated->count() != batch.size()) {
    return refuse_batch(wrong_count(*evaluated, batch.size()), batch, catches, results);
  }
  if (batch.empty()) return {};
  std::size_t i = 0;
  for (const edn::Value& result : evaluated->items()) {
    if (Applied added = add_result(result, batch[i++], catches, results); !added.has_value())
      return added;
  }
  return {};
}

Transform::Applied Transform::add_result(edn::Value result, const edn::Value& element, bool catches,
                                         Results& results) {
  if (result.is_map()) {
    results.add_one(std::move(result));
    return {};
  }
  if (result.is_sequential() && results.add_sequence(result)) return {};
  return refuse(no_segment(result), element, catches, results);
}

Transform::Applied Transform::refuse(edn::Value exception, const edn::Value& element, bool catches,
                                     Results& results) const {
  if (!catches)
    return Applied(tl::unexpect, with_offender(exception, task_, "offending-segment", element));
  results.add_exception(std::move(exception));
  return {};
}

// Every element of the batch gets the exception.
Transform::Applied Transform::refuse_batch(const edn::Value& exception,
                                           const std::vector<edn::Value>& batch, bool catches,
                                           Results& results) const {
  if (catches) {
    for (std::size_t i = 0; i < batch.size(); ++i) results.add_exception(exception);
    return {};
  }
  if (batch.size() == 1) return refuse(exception, batch[0], catches, results);
  return Applied(tl::unexpect,
                 with_offender(exception, task_, "offending-batch", edn::Value::vector(batch)));
}

edn::Value Transform::wrong_count(const edn::Value& result, std::size_t elements) const {
  const bool is_sequence = result.is_sequential() || result.is_nil();
  const std::string got = is_sequence ? fmt::format("{} for {}", result.count(), elements)
                                      : std::string(edn::name_of(result.kind()));
  return task_exception(
      fmt::format(":onyx/batch-fn? is set, so {} must return a sequence of the same number of "
                  "elements as the batch it is "
                  "given, one result a segment; it returned {} in task :{}",
                  evaluator_.name_of(function_.function), got, task_.name()->text));
}

edn::Value Transform::no_segment(const edn::Value& result) const {
  const edn::Value* culprit = &result;
  std::string where;
  if (result.is_sequential()) {
    std::size_t i = 0;
    for (const edn::Value& item : result.items()) {
      if (!item.is_map()) {
        culprit = &item;
        where = fmt::format(" as element {} of its result", i);
        break;
      }
      ++i;
    }
  }
  const std::string what = culprit->is_nil() ? "nil" : lang::describe(*culprit);
  if (function_.is_identity) {
    return task_exception(fmt::format("task :{} got {}{} where a segment, that is a map, is needed",
                                      task_.name()->text, what, where));
  }
  return task_exception(fmt::format(
      "{} returned {}{} in task :{}; a function returns a segment (a map) or a sequence of "
      "segments, and [] to send nothing",
      evaluator_.name_of(function_.function), what, where, task_.name()->text));
}

}  // namespace onyx::dataflow
