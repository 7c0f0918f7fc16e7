#include "common/lang/sequence.h"

#include <algorithm>
#include <utility>

#include "common/base/utf8.h"
#include "common/edn/shape.h"
#include "common/lang/exception.h"
#include "common/lang/function.h"
#include "common/lang/sorted.h"

namespace onyx::lang {

namespace {

class CursorProducer final : public Producer {
 public:
  CursorProducer(SeqCursor cursor, const Value& held) : cursor_(std::move(cursor)) { holds(held); }
  bool next(Call& call, Value& out) override { return cursor_.next(call, out); }

 private:
  SeqCursor cursor_;
};

}  // namespace

// --- Sequence ---

Sequence::Sequence() { form = static_cast<std::uint8_t>(ExtensionForm::sequence); }

Value Sequence::make(std::unique_ptr<Producer> producer) {
  auto* sequence = new Sequence;
  sequence->depth = static_cast<std::uint16_t>(producer->depth() | kLazyDepth);
  sequence->producer_ = std::move(producer);
  return Value::extension(sequence);
}

Value Sequence::lazy(Value thunk) {
  auto* sequence = new Sequence;
  sequence->depth = static_cast<std::uint16_t>(((thunk.depth() & ~kLazyDepth) + 1) | kLazyDepth);
  sequence->head_ = std::move(thunk);
  return Value::extension(sequence);
}

// Lets go of the chain cell by cell: a chain of a million would overflow the stack otherwise.
Sequence::~Sequence() {
  Value tail = std::move(tail_);
  while (Sequence* cell = as_sequence(tail)) {
    if (!tail.is_unique()) break;
    Value following = std::move(cell->tail_);
    tail = std::move(following);
  }
}

void Sequence::print(std::string& out) const { out += "#<sequence>"; }

void Sequence::force(Call& call) {
  switch (state_) {
    case State::cell:
    case State::empty:
      return;
    case State::failed:
      throw Thrown{head_};
    case State::busy:
      raise(ErrorClass::illegal_state, "a lazy sequence needs its own next element to make it");
    case State::pending:
      break;
  }
  call.step();
  call.check_stack();
  call.check_length(index_);
  state_ = State::busy;
  bool more = false;
  Value thunk;
  try {
    if (producer_ != nullptr) {
      more = producer_->next(call, head_);
    } else {
      thunk = std::move(head_);
      Value made = lang::seq(call, invoke(call, thunk));
      more = !made.is_nil();
      if (more) {
        head_ = lang::first(call, made);
        tail_ = lang::rest(call, std::move(made));
      }
    }
  } catch (const Thrown& thrown) {
    head_ = thrown.exception;
    state_ = State::failed;
    producer_.reset();
    throw;
  } catch (const BudgetExceeded&) {
    state_ = State::pending;
    if (producer_ == nullptr) head_ = std::move(thunk);
    throw;
  }
  if (!more) {
    state_ = State::empty;
    producer_.reset();
    return;
  }
  if (producer_ == nullptr) {
    state_ = State::cell;
    return;
  }
  auto* following = new Sequence;
  following->depth = depth;
  following->index_ = index_ + 1;
  following->producer_ = std::move(producer_);
  tail_ = Value::extension(following);
  state_ = State::cell;
}

bool Sequence::is_empty(Call& call) {
  force(call);
  return state_ == State::empty;
}

const Value& Sequence::first(Call& call) {
  force(call);
  return head_;
}

const Value& Sequence::rest(Call& call) {
  force(call);
  return tail_;
}

Sequence* as_sequence(const Value& value) {
  if (!is_extension(value, ExtensionForm::sequence)) return nullptr;
  return static_cast<Sequence*>(value.as_extension());
}

bool is_seqable(const Value& value) {
  switch (value.kind()) {
    case edn::Kind::nil:
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::map:
    case edn::Kind::set:
    case edn::Kind::string:
      return true;
    default:
      return as_sequence(value) != nullptr || as_sorted(value) != nullptr;
  }
}

// --- SeqCursor ---

struct SeqCursor::Elements {
  using ItemIterator = decltype(std::declval<const Value&>().items().begin());
  using ItemEnd = decltype(std::declval<const Value&>().items().end());
  using EntryIterator = decltype(std::declval<const Value&>().entries().begin());
  using EntryEnd = decltype(std::declval<const Value&>().entries().end());
  struct OfSet {
    ItemIterator at;
    ItemEnd end;
  };
  struct OfMap {
    EntryIterator at;
    EntryEnd end;
  };
  std::optional<OfSet> set;
  std::optional<OfMap> map;
};

SeqCursor::SeqCursor(Value collection, std::string_view function)
    : collection_(std::move(collection)) {
  switch (collection_.kind()) {
    case edn::Kind::nil:
      break;
    case edn::Kind::list:
      source_ = Source::list;
      break;
    case edn::Kind::vector:
      source_ = Source::vector;
      break;
    case edn::Kind::string:
      source_ = Source::string;
      break;
    case edn::Kind::set:
      source_ = Source::elements;
      elements_ = std::make_unique<Elements>();
      elements_->set.emplace(
          Elements::OfSet{collection_.items().begin(), collection_.items().end()});
      break;
    case edn::Kind::map:
      source_ = Source::elements;
      elements_ = std::make_unique<Elements>();
      elements_->map.emplace(
          Elements::OfMap{collection_.entries().begin(), collection_.entries().end()});
      break;
    default:
      if (as_sorted(collection_) != nullptr) {
        source_ = Source::sorted;
        break;
      }
      if (as_sequence(collection_) == nullptr) {
        raise_wrong_type(function, "a collection", collection_);
      }
      source_ = Source::cells;
  }
}

SeqCursor::SeqCursor(SeqCursor&&) noexcept = default;
SeqCursor& SeqCursor::operator=(SeqCursor&&) noexcept = default;
SeqCursor::~SeqCursor() = default;

bool SeqCursor::next(Call& call, Value& out) {
  call.step();
  switch (source_) {
    case Source::none:
      return false;
    case Source::list: {
      if (collection_.count() == 0) return false;
      out = collection_.at(0);
      collection_ = collection_.rest();
      return true;
    }
    case Source::vector: {
      if (index_ == collection_.count()) return false;
      out = collection_.at(index_++);
      return true;
    }
    case Source::string: {
      const std::string_view text = collection_.as_string();
      if (index_ == text.size()) return false;
      out = Value::character(decode_utf8(text, index_));
      return true;
    }
    case Source::elements: {
      if (elements_->set) {
        auto& [at, end] = *elements_->set;
        if (at == end) return false;
        out = *at;
        ++at;
        return true;
      }
      auto& [at, end] = *elements_->map;
      if (at == end) return false;
      const edn::Entry entry = *at;
      std::vector<Value> pair;
      pair.reserve(2);
      pair.push_back(entry.key);
      pair.push_back(entry.value);
      out = Value::vector(std::move(pair));
      ++at;
      return true;
    }
    case Source::sorted: {
      const Sorted* sorted = as_sorted(collection_);
      if (index_ == sorted->count()) return false;
      out = sorted->item(index_++);
      return true;
    }
    case Source::cells: {
      Sequence* cell = as_sequence(collection_);
      if (cell->producer_ != nullptr && collection_.is_unique()) {
        // Nobody will ask for these elements again, so they need no cells.
        producer_ = std::move(cell->producer_);
        source_ = Source::producer;
        collection_ = Value();
        call.check_stack();
        if (producer_->next(call, out)) return true;
        source_ = Source::none;
        return false;
      }
      if (cell->is_empty(call)) return false;
      if (collection_.is_unique()) {
        Value tail = std::move(cell->tail_);
        out = std::move(cell->head_);
        collection_ = std::move(tail);
      } else {
        out = cell->head_;
        Value tail = cell->tail_;
        collection_ = std::move(tail);
      }
      if (collection_.is_list()) source_ = Source::list;
      if (collection_.is_nil()) source_ = Source::none;
      return true;
    }
    case Source::producer: {
      call.check_stack();
      if (producer_->next(call, out)) return true;
      source_ = Source::none;
      producer_.reset();
      return false;
    }
  }
  return false;
}

Value SeqCursor::rest() {
  switch (source_) {
    case Source::none:
      return Value::list();
    case Source::list:
    case Source::cells:
      source_ = Source::none;
      return std::move(collection_);
    case Source::producer:
      source_ = Source::none;
      return Sequence::make(std::move(producer_));
    case Source::vector:
    case Source::string:
    case Source::sorted:
    case Source::elements: {
      const Value held = collection_;
      return Sequence::make(std::make_unique<CursorProducer>(std::move(*this), held));
    }
  }
  return Value::list();
}

// --- clojure.core's own words for it ---

Value lazily(Value collection, std::string_view function) {
  if (collection.is_list() || as_sequence(collection) != nullptr) return collection;
  return SeqCursor(std::move(collection), function).rest();
}

Value seq(Call& call, Value collection) {
  if (Sequence* sequence = as_sequence(collection)) {
    return sequence->is_empty(call) ? Value() : std::move(collection);
  }
  if (collection.is_string() ? collection.as_string().empty()
                             : is_seqable(collection) && count(call, collection) == 0) {
    return {};
  }
  return lazily(std::move(collection), "seq");
}

Value first(Call& call, const Value& collection) {
  if (Sequence* sequence = as_sequence(collection)) {
    return sequence->is_empty(call) ? Value() : sequence->first(call);
  }
  if (collection.is_sequential()) return collection.count() == 0 ? Value() : collection.at(0);
  Value out;
  SeqCursor(collection, "first").next(call, out);
  return out;
}

Value rest(Call& call, Value collection) {
  if (Sequence* sequence = as_sequence(collection)) {
    return sequence->is_empty(call) ? Value::list() : sequence->rest(call);
  }
  if (collection.is_list())
    return collection.count() == 0 ? std::move(collection) : collection.rest();
  SeqCursor cursor(std::move(collection), "rest");
  Value skipped;
  if (!cursor.next(call, skipped)) return Value::list();
  return cursor.rest();
}

Value next(Call& call, Value collection) { return seq(call, rest(call, std::move(collection))); }

Value cons(Call& call, Value head, Value tail) {
  if (tail.is_nil()) return Value::list({std::move(head)});
  if (tail.is_list()) return std::move(tail).conj(std::move(head));
  Value following = lazily(std::move(tail), "cons");
  auto* cell = new Sequence;
  const auto levels =
      std::max<std::uint16_t>((head.depth() & ~kLazyDepth) + 1, following.depth() & ~kLazyDepth);
  cell->depth = static_cast<std::uint16_t>(levels | kLazyDepth);
  cell->state_ = Sequence::State::cell;
  cell->head_ = std::move(head);
  cell->tail_ = std::move(following);
  Value result = Value::extension(cell);
  call.check_nesting(result);
  return result;
}

std::vector<Value> collect(Call& call, Value collection, std::string_view function) {
  std::vector<Value> items;
  const bool is_known = !collection.is(edn::Kind::extension);
  if (is_known && !collection.is_string()) items.reserve(collection.count());
  SeqCursor cursor(std::move(collection), function);
  Value item;
  while (cursor.next(call, item)) {
    if (!is_known) call.check_length(items.size());
    if (items.size() == items.capacity()) call.charge((items.size() + 1) * sizeof(Value));
    items.push_back(std::move(item));
  }
  return items;
}

std::size_t count(Call& call, const Value& collection) {
  switch (collection.kind()) {
    case edn::Kind::nil:
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::map:
    case edn::Kind::set:
      return collection.count();
    default:
      break;
  }
  if (const Sorted* sorted = as_sorted(collection)) return sorted->count();
  SeqCursor cursor(collection, "count");
  Value item;
  std::size_t length = 0;
  while (cursor.next(call, item)) ++length;
  return length;
}

namespace {

enum class SortedBecome : std::uint8_t { plain, sorted };

Value realised(Call& call, Value value, SortedBecome become);

Value realised_sorted(Call& call, const Sorted& sorted, SortedBecome become) {
  if (become == SortedBecome::plain) return realised(call, sorted.plain(call), become);
  Value result = sorted.emptied();
  for (std::size_t i = 0; i < sorted.count(); ++i) {
    call.step();
    Value value = realised(call, sorted.value_at(i), become);
    result = as_sorted(result)->with(call, sorted.key_at(i), std::move(value));
  }
  return result;
}

Value realised(Call& call, Value value, SortedBecome become) {
  if (is_plain(value)) return value;
  call.check_stack();
  switch (value.kind()) {
    case edn::Kind::extension: {
      if (const Sorted* sorted = as_sorted(value)) return realised_sorted(call, *sorted, become);
      if (as_sequence(value) == nullptr) return value;
      std::vector<Value> items = collect(call, std::move(value), "realise");
      for (Value& item : items) item = realised(call, std::move(item), become);
      return Value::list(std::move(items));
    }
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::set: {
      const edn::Kind kind = value.kind();
      std::vector<Value> items = collect(call, std::move(value), "realise");
      for (Value& item : items) item = realised(call, std::move(item), become);
      if (kind == edn::Kind::list) return Value::list(std::move(items));
      if (kind == edn::Kind::vector) return Value::vector(std::move(items));
      return Value::set(std::move(items));
    }
    case edn::Kind::map: {
      // Made anew and not updated: the depth of an object that is changed in place never goes down.
      if (const edn::Record* record = value.as_record()) {
        const edn::Shape* shape = record->shape;
        std::vector<Value> values(record->values(), record->values() + shape->size());
        for (Value& element : values) {
          call.step();
          element = realised(call, std::move(element), become);
        }
        return Value::record(shape, values);
      }
      std::vector<std::pair<Value, Value>> entries;
      for (const edn::Entry entry : value.entries()) {
        call.step();
        entries.emplace_back(entry.key, realised(call, entry.value, become));
      }
      return Value::map(std::move(entries));
    }
    default:
      return value;
  }
}

}  // namespace

Value realise(Call& call, Value value) {
  return realised(call, std::move(value), SortedBecome::plain);
}
Value realise_sequences(Call& call, Value value) {
  return realised(call, std::move(value), SortedBecome::sorted);
}

}  // namespace onyx::lang
