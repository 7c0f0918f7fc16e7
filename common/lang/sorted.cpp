#include "common/lang/sorted.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/lang/equality.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

// A weight-balanced tree: no subtree outweighs its sibling by more than kWeightMax, which rotations restore. The pair of
// constants is one of those for which this is proved (Hirai and Yamamoto, "Balancing weight-balanced trees").
struct Sorted::Node {
  Value key;
  Value value;
  NodePtr left;
  NodePtr right;
  std::size_t size;
};

// Makes the nodes of one changed tree, counting their memory.
class Sorted::Change {
 public:
  Change(Call& call, const Comparator& compare) : call_(call), compare_(compare) {}

  NodePtr with(const NodePtr& at, Value key, Value value) {
    if (at == nullptr) return made(std::move(key), std::move(value), nullptr, nullptr);
    const std::int64_t order = compare_(call_, key, at->key);
    if (order == 0) return made(at->key, std::move(value), at->left, at->right);
    if (order < 0) {
      NodePtr left = with(at->left, std::move(key), std::move(value));
      return balanced(*at, std::move(left), at->right);
    }
    NodePtr right = with(at->right, std::move(key), std::move(value));
    return balanced(*at, at->left, std::move(right));
  }

  // `key` is there.
  NodePtr without(const NodePtr& at, const Value& key) {
    const std::int64_t order = compare_(call_, key, at->key);
    if (order < 0) return balanced(*at, without(at->left, key), at->right);
    if (order > 0) return balanced(*at, at->left, without(at->right, key));
    if (at->left == nullptr) return at->right;
    if (at->right == nullptr) return at->left;
    const Node* following = at->right.get();
    while (following->left != nullptr) following = following->left.get();
    return balanced(*following, at->left, without_first(at->right));
  }

 private:
  static constexpr std::size_t kWeightMax = 3;
  static constexpr std::size_t kSingleRotationMax = 2;
  static constexpr std::size_t kSharedPtrBytes = 16;

  static std::size_t weight(const NodePtr& node) { return node == nullptr ? 1 : node->size + 1; }

  NodePtr made(Value key, Value value, NodePtr left, NodePtr right) {
    call_.charge(sizeof(Node) + kSharedPtrBytes);
    const std::size_t size = weight(left) + weight(right) - 1;
    return std::make_shared<const Node>(
        Node{std::move(key), std::move(value), std::move(left), std::move(right), size});
  }
  NodePtr made(const Node& of, NodePtr left, NodePtr right) {
    return made(of.key, of.value, std::move(left), std::move(right));
  }

  // A node with the key and value of `of`; one of its subtrees is one element too heavy at most.
  NodePtr balanced(const Node& of, NodePtr left, NodePtr right) {
    if (weight(right) > kWeightMax * weight(left)) {
      if (weight(right->left) < kSingleRotationMax * weight(right->right)) {
        return made(*right, made(of, std::move(left), right->left), right->right);
      }
      const Node& middle = *right->left;
      return made(middle, made(of, std::move(left), middle.left),
                  made(*right, middle.right, right->right));
    }
    if (weight(left) > kWeightMax * weight(right)) {
      if (weight(left->right) < kSingleRotationMax * weight(left->left)) {
        return made(*left, left->left, made(of, left->right, std::move(right)));
      }
      const Node& middle = *left->right;
      return made(middle, made(*left, left->left, middle.left),
                  made(of, middle.right, std::move(right)));
    }
    return made(of, std::move(left), std::move(right));
  }

  NodePtr without_first(const NodePtr& at) {
    if (at->left == nullptr) return at->right;
    return balanced(*at, without_first(at->left), at->right);
  }

  Call& call_;
  const Comparator& compare_;
};

namespace {

std::uint16_t levels_of(const Value& value) {
  return static_cast<std::uint16_t>(value.depth() & ~kLazyDepth);
}

}  // namespace

Sorted::Sorted(edn::Kind kind, Value comparator, NodePtr root, std::uint16_t levels)
    : kind_(kind),
      comparator_(comparator),
      compare_(std::move(comparator)),
      root_(std::move(root)) {
  form = static_cast<std::uint8_t>(ExtensionForm::sorted);
  depth = static_cast<std::uint16_t>(levels | kLazyDepth);
}

Sorted::~Sorted() = default;

Value Sorted::empty(edn::Kind kind, Value comparator) {
  const auto levels = static_cast<std::uint16_t>(levels_of(comparator) + 1);
  return Value::extension(new Sorted(kind, std::move(comparator), nullptr, levels));
}

Value Sorted::emptied() const { return empty(kind_, comparator_); }

void Sorted::print(std::string& out) const {
  out += "#<";
  out += type_name();
  out += '>';
}

std::size_t Sorted::count() const { return root_ == nullptr ? 0 : root_->size; }

const Sorted::Node& Sorted::node_at(std::size_t index) const {
  const Node* node = root_.get();
  for (;;) {
    const std::size_t before = node->left == nullptr ? 0 : node->left->size;
    if (index == before) return *node;
    if (index < before) {
      node = node->left.get();
    } else {
      index -= before + 1;
      node = node->right.get();
    }
  }
}

const Value& Sorted::key_at(std::size_t index) const { return node_at(index).key; }
const Value& Sorted::value_at(std::size_t index) const { return node_at(index).value; }

Value Sorted::item(std::size_t index) const {
  const Node& node = node_at(index);
  return is_map() ? Value::vector({node.key, node.value}) : node.key;
}

const Sorted::Node* Sorted::node_of(Call& call, const Value& key) const {
  const Node* node = root_.get();
  while (node != nullptr) {
    const std::int64_t order = compare_(call, key, node->key);
    if (order == 0) return node;
    node = order < 0 ? node->left.get() : node->right.get();
  }
  return nullptr;
}

const Value* Sorted::find(Call& call, const Value& key) const {
  const Node* node = is_plain(key) ? node_of(call, key) : node_of(call, as_key(call, key));
  if (node == nullptr) return nullptr;
  return is_map() ? &node->value : &node->key;
}

std::size_t Sorted::rank(Call& call, const Value& key) const {
  const Value wanted = as_key(call, key);
  std::size_t before = 0;
  const Node* node = root_.get();
  while (node != nullptr) {
    const std::size_t left = node->left == nullptr ? 0 : node->left->size;
    const std::int64_t order = compare_(call, wanted, node->key);
    if (order == 0) return before + left;
    if (order > 0) before += left + 1;
    node = order < 0 ? node->left.get() : node->right.get();
  }
  return before;
}

Value Sorted::with(Call& call, Value key, Value value) const {
  key = as_key(call, std::move(key));
  const std::uint16_t levels = std::max({static_cast<std::uint16_t>(depth & ~kLazyDepth),
                                         static_cast<std::uint16_t>(levels_of(key) + 1),
                                         static_cast<std::uint16_t>(levels_of(value) + 1)});
  NodePtr root = Change(call, compare_).with(root_, std::move(key), std::move(value));
  return Value::extension(new Sorted(kind_, comparator_, std::move(root), levels));
}

Value Sorted::without(Call& call, const Value& key) const {
  const Value gone = as_key(call, key);
  const auto levels = static_cast<std::uint16_t>(depth & ~kLazyDepth);
  NodePtr root =
      node_of(call, gone) == nullptr ? root_ : Change(call, compare_).without(root_, gone);
  return Value::extension(new Sorted(kind_, comparator_, std::move(root), levels));
}

Value Sorted::plain(Call& call) const {
  std::vector<std::pair<Value, Value>> entries;
  std::vector<Value> items;
  for (std::size_t i = 0; i < count(); ++i) {
    call.step();
    if (is_map()) {
      entries.emplace_back(key_at(i), value_at(i));
    } else {
      items.push_back(key_at(i));
    }
  }
  return is_map() ? Value::map(std::move(entries)) : Value::set(std::move(items));
}

}  // namespace onyx::lang
