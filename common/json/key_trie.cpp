#include "common/json/key_trie.h"

namespace onyx::json {

KeyTrie::Node* KeyTrie::add(Node* from, std::string_view raw, const edn::Value& key) {
  if (nodes_.size() >= kNodesMax || from->next.size() >= kEdgesMax) return nullptr;
  Node& node = nodes_.emplace_back();
  node.raw = raw;
  node.key = key;
  node.before = from;
  node.keys = from->keys + 1;
  from->next.push_back(&node);
  return &node;
}

KeyTrie::Node* KeyTrie::nested(Node* node) {
  if (node->nested == nullptr && nodes_.size() < kNodesMax) node->nested = &nodes_.emplace_back();
  return node->nested;
}

bool KeyTrie::holds(const Node* node, const edn::Value& key) {
  for (; node->keys != 0; node = node->before) {
    if (node->key == key) return true;
  }
  return false;
}

std::vector<edn::Value> KeyTrie::path(const Node* node) {
  std::vector<edn::Value> keys(node->keys);
  for (; node->keys != 0; node = node->before) keys[node->keys - 1] = node->key;
  return keys;
}

const edn::Shape* KeyTrie::shape_of(Node* node) {
  if (node->shape == nullptr && !node->has_no_shape) {
    node->shape = edn::Shape::of(path(node));
    node->has_no_shape = node->shape == nullptr;
  }
  return node->shape;
}

}  // namespace onyx::json
