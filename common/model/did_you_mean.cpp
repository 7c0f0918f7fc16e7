#include "common/model/did_you_mean.h"

#include <algorithm>
#include <utility>

namespace onyx::model {
namespace {

constexpr std::size_t kNameBytesMax = 256;  // longer names are nobody's typing error

struct Parts {
  std::string_view ns;
  std::string_view name;
};

Parts split(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || text.size() == 1) return {{}, text};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

std::size_t tolerance(std::string_view text) {
  return std::clamp<std::size_t>(text.size() / 3, 1, 5);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t distance_max) {
  const std::size_t too_far = distance_max + 1;
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > distance_max || b.size() > kNameBytesMax) return too_far;
  std::vector<std::size_t> before_last(a.size() + 1);
  std::vector<std::size_t> last(a.size() + 1);
  std::vector<std::size_t> row(a.size() + 1);
  for (std::size_t i = 0; i <= a.size(); ++i) last[i] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    row[0] = j;
    std::size_t best = row[0];
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t replaced = last[i - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[i] = std::min({row[i - 1] + 1, last[i] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[i] = std::min(row[i], before_last[i - 2] + 1);
      }
      best = std::min(best, row[i]);
    }
    if (best > distance_max) return too_far;
    before_last.swap(last);
    last.swap(row);
  }
  return std::min(last[a.size()], too_far);
}

std::vector<std::string_view> nearest(std::string_view name,
                                      std::span<const std::string_view> candidates,
                                      std::size_t count_max) {
  struct Scored {
    std::size_t distance;
    std::string_view text;
  };
  std::vector<Scored> near;
  const Parts given = split(name);
  const std::size_t limit = tolerance(given.name);
  for (std::string_view text : candidates) {
    const Parts candidate = split(text);
    std::size_t distance = edit_distance(given.name, candidate.name, limit);
    if (distance > limit) continue;
    if (!given.ns.empty() && given.ns != candidate.ns) {
      const std::size_t ns_limit = tolerance(given.ns);
      const std::size_t ns_distance = edit_distance(given.ns, candidate.ns, ns_limit);
      // The very same name elsewhere is still worth showing, after everything nearer.
      if (ns_distance > ns_limit && distance > 0) continue;
      distance += ns_distance;
    }
    if (text != name) near.push_back({distance, text});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Scored& a, const Scored& b) { return a.distance < b.distance; });
  std::vector<std::string_view> best;
  for (const Scored& scored : near) {
    if (best.size() == count_max) break;
    if (std::find(best.begin(), best.end(), scored.text) == best.end()) best.push_back(scored.text);
  }
  return best;
}

}  // namespace onyx::model
