#include "common/api/replica_codec.h"

namespace onyx::api {

void encode(const std::vector<ReplicaChangeView>& changes, ReplicaChangeMessages* messages) {
  for (const ReplicaChangeView& change : changes) {
    v1::ReplicaChange* message = messages->Add();
    message->mutable_path()->set_text(change.path_edn);
    message->mutable_before()->set_text(change.before_edn);
    message->mutable_after()->set_text(change.after_edn);
  }
}

std::vector<ReplicaChangeView> decode(const ReplicaChangeMessages& messages) {
  std::vector<ReplicaChangeView> changes;
  for (const v1::ReplicaChange& message : messages) {
    changes.push_back({message.path().text(), message.before().text(), message.after().text()});
  }
  return changes;
}

}  // namespace onyx::api
