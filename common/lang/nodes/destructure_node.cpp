#include "common/lang/nodes/destructure_node.h"

#include <fmt/format.h>

#include "common/lang/equality.h"
#include "common/lang/sequence.h"
#include "common/lang/sorted.h"

namespace onyx::lang {

namespace {

constexpr std::string_view kPattern = "a destructuring pattern [a b]";

bool has_order(const Value& value) {
  return value.is_nil() || value.is_sequential() || value.is_string() ||
         as_sequence(value) != nullptr;
}

}  // namespace

Value NthNode::eval(Frame& frame) const {
  Value scratch;
  const Value& collection = collection_.read(frame, scratch);
  if (collection.is_vector()) [[likely]] {
    return index_ < collection.count() ? collection.at(index_) : Value();
  }
  if (collection.is_nil()) return {};
  return any(frame, collection);
}

Value NthNode::any(Frame& frame, const Value& collection) const {
  return with_note(frame, position_, [&]() -> Value {
    if (!has_order(collection)) raise_wrong_type(kPattern, "a vector or sequence", collection);
    if (collection.is_list()) {
      return index_ < collection.count() ? collection.at(index_) : Value();
    }
    SeqCursor cursor(collection, kPattern);
    Value element;
    for (std::size_t i = 0; i <= index_; ++i) {
      if (!cursor.next(frame.call, element)) return {};
    }
    return element;
  });
}

Value FollowingNode::eval(Frame& frame) const {
  Value collection = collection_->eval(frame);
  return with_note(frame, position_, [&]() -> Value {
    if (!is_seqable(collection)) raise_wrong_type(kPattern, "a vector or sequence", collection);
    SeqCursor cursor(std::move(collection), kPattern);
    Value skipped;
    for (std::size_t i = 0; i < count_; ++i) {
      if (!cursor.next(frame.call, skipped)) return {};
    }
    return seq(frame.call, cursor.rest());
  });
}

Value keyword_arguments(Call& call, Value sequence) {
  std::vector<Value> items = collect(call, std::move(sequence), "keyword arguments");
  if (items.size() == 1 && is_any_map(items[0])) return realise(call, std::move(items[0]));
  if (items.size() % 2 != 0) {
    raise(ErrorClass::illegal_argument,
          fmt::format("No value supplied for key: {}", describe(items.back())));
  }
  Value map = Value::map();
  for (std::size_t i = 0; i < items.size(); i += 2) {
    map = std::move(map).assoc(as_key(call, std::move(items[i])), std::move(items[i + 1]));
  }
  call.check_nesting(map);
  return map;
}

Value KeywordArgumentsNode::eval(Frame& frame) const {
  Value source = source_->eval(frame);
  if (!source.is_list() && as_sequence(source) == nullptr) return source;
  return with_note(frame, position_,
                   [&] { return keyword_arguments(frame.call, std::move(source)); });
}

}  // namespace onyx::lang
