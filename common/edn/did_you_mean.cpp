#include "common/edn/did_you_mean.h"

#include <algorithm>

namespace onyx::edn {

namespace {

constexpr std::size_t kEditsMax = 5;
constexpr std::size_t kLengthMax = 128;  // nobody mistypes more, and the work is quadratic

std::vector<std::string_view> code_points(std::string_view text) {
  std::vector<std::string_view> points;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && (text[end] & 0xc0) == 0x80) ++end;
    points.push_back(text.substr(i, end - i));
    i = end;
  }
  return points;
}

struct Split {
  std::string_view ns, name;
};

Split split(std::string_view text) {
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || text == "/") return {{}, text};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

std::size_t allowed(std::string_view text) {
  return std::min(kEditsMax, std::max<std::size_t>(1, code_points(text).size() / 3));
}

constexpr std::size_t kTooFar = kEditsMax * 2 + 1;

// Name and namespace may each be off by their own share. A name that is right under a namespace that is left off or
// made up costs one edit, or the edits of the namespace where those are few.
std::size_t distance(const Split& found, const Split& candidate) {
  const std::size_t of_name = edit_distance(found.name, candidate.name, allowed(found.name));
  if (of_name > allowed(found.name)) return kTooFar;
  if (found.ns == candidate.ns) return of_name;
  const std::size_t of_ns = edit_distance(found.ns, candidate.ns, allowed(found.ns));
  if (!found.ns.empty() && !candidate.ns.empty() && of_ns <= allowed(found.ns))
    return of_name + of_ns;
  return of_name == 0 ? kEditsMax : kTooFar;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const auto left = code_points(a), right = code_points(b);
  const std::size_t difference =
      left.size() > right.size() ? left.size() - right.size() : right.size() - left.size();
  if (difference > limit || std::max(left.size(), right.size()) > kLengthMax)
    return a == b ? 0 : limit + 1;
  std::vector<std::size_t> two_up, up, row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    two_up = std::move(up);
    up = row;
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replace = up[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({replace, up[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], two_up[j - 2] + 1);
      }
    }
  }
  return std::min(row[right.size()], limit + 1);
}

std::vector<std::string> did_you_mean(std::string_view found,
                                      std::span<const std::string> candidates, std::size_t most) {
  struct Near {
    std::size_t distance;
    const std::string* text;
  };
  std::vector<Near> near;
  const Split wanted = split(found);
  for (const std::string& candidate : candidates) {
    if (candidate == found) continue;
    const std::size_t d = distance(wanted, split(candidate));
    if (d < kTooFar) near.push_back({d, &candidate});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  std::vector<std::string> best;
  for (const Near& n : near) {
    if (best.size() == most) break;
    best.push_back(*n.text);
  }
  return best;
}

}  // namespace onyx::edn
