// The persistent hash trie under large maps and under sets (a CHAMP: entries and children in one array of slots).
//
// Shape:   canonical: the same entries give the same nodes, however they came about. A node holds each entry whose hash
//          digits no other entry shares, and a child for each digit that several share. Digits are 5 bits of the stable
//          hash, highest first, so that iteration follows the hash.
// Updates: work in place on every node that nobody else holds.
#pragma once

#include <vector>

#include "common/edn/objects.h"

namespace onyx::edn {

// `tag` is Tag::map or Tag::set throughout; `value` is nil for sets.
struct HashedEntry {
  std::uint64_t hash;
  std::size_t index;  // in the text or argument list
  Value key, value;
};

// The slot of the key (its value follows in a map), or nullptr.
const Value* trie_find(Tag tag, const Value& root, std::uint64_t hash, const Value& key);

// Puts the entry below `root`; true when the key was not there. A key that was there stays as it was.
bool trie_put(Tag tag, Value& root, std::uint64_t hash, Value key, Value value);

// Removes the key, which must be there and must not lie in the trie itself.
void trie_remove(Tag tag, Value& root, std::uint64_t hash, const Value& key);

// A whole collection at once. Of equal keys the last one's value wins; the first repetition is reported.
Value trie_build(Tag tag, std::vector<HashedEntry> entries, std::optional<Duplicate>* duplicate);

}  // namespace onyx::edn
