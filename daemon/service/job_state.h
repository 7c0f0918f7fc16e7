// The state of a job as the service says it.
#pragma once

#include "common/api/views.h"
#include "daemon/replica/replica.h"

namespace onyx::service {

inline api::JobState state_from(replica::JobState state) {
  switch (state) {
    case replica::JobState::waiting:
      return api::JobState::waiting;
    case replica::JobState::running:
      return api::JobState::running;
    case replica::JobState::completed:
      return api::JobState::completed;
    case replica::JobState::killed:
      return api::JobState::killed;
  }
  return api::JobState::submitted;
}

}  // namespace onyx::service
