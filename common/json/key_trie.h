// The order of keys that objects had so far: a trie whose edges are raw key texts and whose nodes know the shape of an
// object that ends there.
//
// Shape:   a node's path from the root is a sequence of distinct keys. Each node also roots the objects nested under its
//          key, so that they have tries of their own.
// Limits:  kNodesMax nodes, kEdgesMax edges a node: keys that are data ("user-4711") must not grow it for ever.
// Thread:  its parser's.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/shape.h"
#include "common/edn/value.h"

namespace onyx::json {

class KeyTrie {
 public:
  static constexpr std::size_t kNodesMax = 4096;
  static constexpr std::size_t kEdgesMax = 16;

  struct Node {
    std::string raw;  // the key as written, between the quotes
    edn::Value key;
    Node* before = nullptr;             // the node of the key before this one
    std::uint32_t keys = 0;             // on the path from the root
    std::vector<Node*> next;            // by the raw text of the next key; the likely one first
    Node* nested = nullptr;             // root for objects under this key
    const edn::Shape* shape = nullptr;  // of an object that ends here, once one did
    bool has_no_shape = false;          // one ended here, and a limit of the shapes was hit
  };

  KeyTrie() { nodes_.emplace_back(); }

  Node* root() { return &nodes_.front(); }

  // The node after `from` for a key written as `raw`, or nullptr.
  static Node* step(Node* from, std::string_view raw) {
    for (std::size_t i = 0; i < from->next.size(); ++i) {
      Node* node = from->next[i];
      if (node->raw == raw) {
        if (i != 0) std::swap(from->next[0], from->next[i]);
        return node;
      }
    }
    return nullptr;
  }

  // A new node, or nullptr at a limit. `key` must not be on the path of `from`.
  Node* add(Node* from, std::string_view raw, const edn::Value& key);
  // The root for objects under `node`'s key, or nullptr at a limit.
  Node* nested(Node* node);

  static bool holds(const Node* node, const edn::Value& key);
  // The shape of an object that ends at `node`, or nullptr when it cannot be a record.
  static const edn::Shape* shape_of(Node* node);
  // The keys from the root to `node`, in order.
  static std::vector<edn::Value> path(const Node* node);

 private:
  std::deque<Node> nodes_;
};

}  // namespace onyx::json
