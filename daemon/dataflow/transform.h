// A task's function on a batch: one element in, no, one or several segments out.
//
// Shape:   Results holds the segments of all elements one after another. As long as every element gave exactly one, there is
//          nothing else; otherwise `ends` says where each element's segments end. Exceptions that are caught stand beside.
// Errors:  an exception of the function, or a result that is no segment, goes into the Results when the task routes
//          exceptions; else it comes back from apply(), extended with the task and the segment that caused it.
// Source:  spec of the task lifecycle, 7; a result that is neither a map nor a sequence of maps is an error here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/value.h"
#include "daemon/dataflow/evaluator.h"
#include "daemon/dataflow/function_table.h"

namespace onyx::dataflow {

struct TaskFunction {
  bool is_identity = true;  // no function is called
  bool is_batch_fn = false;
  FunctionIndex function = 0;
};

struct Results {
  struct Exception {
    std::size_t element = 0;  // of the batch
    edn::Value exception;     // as it was thrown
  };

  std::vector<edn::Value> segments;
  bool is_one_to_one = true;
  std::vector<std::uint32_t> ends;    // per element, unless is_one_to_one
  std::vector<Exception> exceptions;  // by element; these elements have no segments

  std::size_t elements() const { return is_one_to_one ? segments.size() : ends.size(); }
  std::size_t begin_of(std::size_t element) const {
    return is_one_to_one ? element : (element == 0 ? 0 : ends[element - 1]);
  }
  std::size_t end_of(std::size_t element) const {
    return is_one_to_one ? element + 1 : ends[element];
  }

  void clear();
  void add_one(edn::Value segment) {
    segments.push_back(std::move(segment));
    if (!is_one_to_one) ends.push_back(static_cast<std::uint32_t>(segments.size()));
  }
  void add_none();
  // A sequence of maps as the segments of one element; false when an element is no map.
  bool add_sequence(const edn::Value& sequence);
  void add_exception(edn::Value exception);

 private:
  void unalign();
};

class Transform {
 public:
  // `task` is the task's keyword, for messages. All outlive this.
  Transform(const TaskFunction& function, edn::Value task, Evaluator& evaluator);

  // Applies the function, called with `parameters` and then each element of `batch`. With `keeps_batch` the elements stay
  // as they are; else only those that gave an exception do. With `catches`, exceptions go into the results.
  tl::expected<void, edn::Value> apply(std::vector<edn::Value>& batch,
                                       std::span<const edn::Value> parameters, bool keeps_batch,
                                       bool catches, Results& results);

 private:
  using Applied = tl::expected<void, edn::Value>;

  Applied apply_identity(std::vector<edn::Value>& batch, bool keeps_batch, bool catches,
                         Results& results);
  Applied apply_to_each(std::vector<edn::Value>& batch, std::span<const edn::Value> parameters,
                        bool keeps_batch, bool catches, Results& results);
  Applied apply_to_batch(std::vector<edn::Value>& batch, std::span<const edn::Value> parameters,
                         bool catches, Results& results);
  // What one element gave.
  Applied add_result(edn::Value result, const edn::Value& element, bool catches, Results& results);
  Applied refuse(edn::Value exception, const edn::Value& element, bool catches,
                 Results& results) const;
  Applied refuse_batch(const edn::Value& exception, const std::vector<edn::Value>& batch,
                       bool catches, Results& results) const;
  edn::Value wrong_count(const edn::Value& result, std::size_t elements) const;
  edn::Value no_segment(const edn::Value& result) const;

  const TaskFunction& function_;
  const edn::Value task_;
  Evaluator& evaluator_;
  std::vector<edn::Value> arguments_;
  std::vector<edn::Value> copies_;  // of a batch that is kept
};

}  // namespace onyx::dataflow
