#include "daemon/messaging/wire/value_codec.h"

#include <fmt/format.h>

#include <bit>

#include "common/edn/printer.h"
#include "daemon/messaging/wire/format.h"

namespace onyx::messaging::wire {

namespace {

using edn::Kind;
using edn::Value;

const edn::Name* read_name(Reader& reader, const Learnt& vocabulary) {
  const std::uint64_t number = reader.number();
  const edn::Name* name = nullptr;
  if (number > 0) {
    name = vocabulary.name(number - 1);
  } else if (const std::string_view text = reader.text(kBodyBytesMax); !text.empty()) {
    name = edn::intern(text);
  }
  if (name == nullptr) reader.fail();
  return name;
}

bool write_all(Writer& writer, Announced& vocabulary, const Value& collection, Tag tag, int depth) {
  writer.byte(tag);
  writer.number(collection.count());
  for (const Value& item : collection.items()) {
    if (!write_value(writer, vocabulary, item, depth)) return false;
  }
  return true;
}

bool write_map(Writer& writer, Announced& vocabulary, const Value& map, int depth) {
  if (const edn::Record* record = map.as_record()) {
    if (const auto shape = vocabulary.shape(record->shape)) {
      writer.byte(kRecord);
      writer.number(*shape);
      for (std::uint32_t i = 0; i < record->shape->size(); ++i) {
        if (!write_value(writer, vocabulary, record->values()[i], depth)) return false;
      }
      return true;
    }
  }
  writer.byte(kMap);
  writer.number(map.count());
  for (const edn::Entry entry : map.entries()) {
    if (!write_value(writer, vocabulary, entry.key, depth) ||
        !write_value(writer, vocabulary, entry.value, depth))
      return false;
  }
  return true;
}

std::vector<Value> read_all(Reader& reader, const Learnt& vocabulary, int depth) {
  const std::size_t count = reader.count(1);
  std::vector<Value> items;
  items.reserve(count);
  while (items.size() < count && reader.ok())
    items.push_back(read_value(reader, vocabulary, depth));
  return items;
}

Value read_map(Reader& reader, const Learnt& vocabulary, int depth) {
  const std::size_t count = reader.count(2);
  std::vector<std::pair<Value, Value>> entries;
  entries.reserve(count);
  while (entries.size() < count && reader.ok()) {
    Value key = read_value(reader, vocabulary, depth);
    entries.emplace_back(std::move(key), read_value(reader, vocabulary, depth));
  }
  Value map = Value::map(std::move(entries));
  if (map.count() != count) reader.fail();  // a key twice
  return map;
}

Value read_set(Reader& reader, const Learnt& vocabulary, int depth) {
  std::vector<Value> items = read_all(reader, vocabulary, depth);
  const std::size_t count = items.size();
  Value set = Value::set(std::move(items));
  if (set.count() != count) reader.fail();
  return set;
}

Value read_record(Reader& reader, const Learnt& vocabulary, int depth) {
  const Learnt::Shape* shape = vocabulary.shape(reader.number());
  if (shape == nullptr || shape->keys.size() > reader.left()) {
    reader.fail();
    return {};
  }
  std::array<Value, edn::kShapeKeysMax> values;
  for (std::size_t i = 0; i < shape->keys.size(); ++i)
    values[i] = read_value(reader, vocabulary, depth);
  if (shape->shape != nullptr)
    return Value::record(shape->shape, {values.data(), shape->keys.size()});
  std::vector<std::pair<Value, Value>> entries;
  for (std::size_t i = 0; i < shape->keys.size(); ++i)
    entries.emplace_back(shape->keys[i], std::move(values[i]));
  return Value::map(std::move(entries));
}

Value read_ratio(Reader& reader) {
  const auto numerator = static_cast<std::int64_t>(reader.fixed(8));
  const auto denominator = static_cast<std::int64_t>(reader.fixed(8));
  if (denominator < 2) {
    reader.fail();
    return {};
  }
  const auto ratio = Value::ratio(numerator, denominator);
  if (!ratio.has_value() || !ratio->is(Kind::ratio) || ratio->denominator() != denominator) {
    reader.fail();  // not in lowest terms
    return {};
  }
  return *ratio;
}

Value read_character(Reader& reader) {
  const auto code = static_cast<char32_t>(reader.fixed(4));
  if (code > 0x10'ffff || (code >= 0xd800 && code < 0xe000)) {
    reader.fail();
    return {};
  }
  return Value::character(code);
}

Value read_uuid(Reader& reader) {
  const std::string_view bytes = reader.raw(16);
  edn::Uuid uuid{};
  if (!bytes.empty()) std::memcpy(uuid.data(), bytes.data(), uuid.size());
  return Value::uuid(uuid);
}

}  // namespace

bool write_other_value(Writer& writer, Announced& vocabulary, const Value& value, int depth) {
  switch (value.kind()) {
    case Kind::nil:
    case Kind::integer:
    case Kind::string:
    case Kind::keyword:
      return write_value(writer, vocabulary, value, depth);
    case Kind::boolean:
      writer.byte(value.as_boolean() ? kTrue : kFalse);
      return true;
    case Kind::symbol:
      writer.byte(kSymbol);
      write_name(writer, vocabulary, value.name());
      return true;
    case Kind::real:
      writer.byte(kReal);
      writer.fixed(std::bit_cast<std::uint64_t>(value.as_real()), 8);
      return true;
    case Kind::character:
      writer.byte(kCharacter);
      writer.fixed(value.as_character(), 4);
      return true;
    case Kind::inst:
      writer.byte(kInst);
      writer.fixed(static_cast<std::uint64_t>(value.as_inst_ms()), 8);
      return true;
    case Kind::ratio:
      writer.byte(kRatio);
      writer.fixed(static_cast<std::uint64_t>(value.numerator()), 8);
      writer.fixed(static_cast<std::uint64_t>(value.denominator()), 8);
      return true;
    case Kind::uuid:
      writer.byte(kUuid);
      writer.raw({reinterpret_cast<const char*>(value.as_uuid().data()), 16});
      return true;
    case Kind::list:
      return depth < kDepthMax && write_all(writer, vocabulary, value, kList, depth + 1);
    case Kind::vector:
      return depth < kDepthMax && write_all(writer, vocabulary, value, kVector, depth + 1);
    case Kind::set:
      return depth < kDepthMax && write_all(writer, vocabulary, value, kSet, depth + 1);
    case Kind::map:
      return depth < kDepthMax && write_map(writer, vocabulary, value, depth + 1);
    case Kind::tagged:
      writer.byte(kTagged);
      write_name(writer, vocabulary, value.tag_name());
      return depth < kDepthMax && write_value(writer, vocabulary, value.tagged_value(), depth + 1);
    case Kind::extension:
      return false;
  }
  return false;
}

Error why_not(const Value& value) {
  std::string shown = value.depth() > kDepthMax ? std::string("a value") : edn::print(value);
  if (shown.size() > 200) shown = shown.substr(0, 200) + "…";
  return Error(ErrorCode::invalid_argument,
               fmt::format("a segment cannot be sent to another daemon: it holds a function, or "
                           "is nested deeper than {}: {}; segments are plain data",
                           kDepthMax, shown),
               "NET-20");
}

Value read_other_value(std::uint8_t tag, Reader& reader, const Learnt& vocabulary, int depth) {
  if (tag >= kList && tag <= kTagged && depth >= kDepthMax) {
    reader.fail();
    return {};
  }
  switch (tag) {
    case kNil:
      return {};
    case kFalse:
      return Value::boolean(false);
    case kTrue:
      return Value::boolean(true);
    case kReal:
      return Value::real(std::bit_cast<double>(reader.fixed(8)));
    case kCharacter:
      return read_character(reader);
    case kInst:
      return Value::inst(static_cast<std::int64_t>(reader.fixed(8)));
    case kKeyword:
      if (const edn::Name* name = read_name(reader, vocabulary)) return Value::keyword(name);
      return {};
    case kSymbol:
      if (const edn::Name* name = read_name(reader, vocabulary)) return Value::symbol(name);
      return {};
    case kString:
      return Value::string(reader.text(kBodyBytesMax));
    case kRatio:
      return read_ratio(reader);
    case kUuid:
      return read_uuid(reader);
    case kList:
      return Value::list(read_all(reader, vocabulary, depth + 1));
    case kVector:
      return Value::vector(read_all(reader, vocabulary, depth + 1));
    case kMap:
      return read_map(reader, vocabulary, depth + 1);
    case kSet:
      return read_set(reader, vocabulary, depth + 1);
    case kRecord:
      return read_record(reader, vocabulary, depth + 1);
    case kTagged:
      if (const edn::Name* name = read_name(reader, vocabulary))
        return Value::tagged(name, read_value(reader, vocabulary, depth + 1));
      return {};
    default:
      reader.fail();
      return {};
  }
}

}  // namespace onyx::messaging::wire
