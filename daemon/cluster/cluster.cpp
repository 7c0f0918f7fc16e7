#include "daemon/cluster/cluster.h"

namespace onyx::cluster {

std::string_view name_of(SessionState state) {
  switch (state) {
    case SessionState::connected:
      return "connected";
    case SessionState::suspect:
      return "suspect";
    case SessionState::fenced:
      return "fenced";
    case SessionState::dead:
      return "dead";
  }
  return "";
}

}  // namespace onyx::cluster
