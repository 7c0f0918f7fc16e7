#include "daemon/runtime/job_links.h"

#include <utility>

#include "common/base/cases.h"
#include "common/base/check.h"

namespace onyx::runtime {

JobLinks::JobLinks(messaging::Transport* transport, messaging::JobKey job,
                   messaging::Site coordinator, const std::vector<Seat>& seats,
                   const std::set<TaskId>& inputs, Hooks hooks)
    : job_(std::move(job)), coordinator_(std::move(coordinator)) {
  for (const Seat& seat : seats) {
    if (seat.is_here()) continue;
    sites_.insert(seat.site);
    if (inputs.contains(seat.task)) input_sites_.insert(seat.site);
  }
  if (sites_.empty() && coordinates()) return;
  ONYX_CHECK(transport != nullptr, "job {} has peers elsewhere, and there is no transport",
             job_.job.text());
  messaging::JobListener listener;
  listener.told = [hooks](const messaging::JobMessage& message) {
    std::visit(Cases{
                   [&](const messaging::PeerStatus& status) { hooks.status(status); },
                   [&](const messaging::Inject& inject) { hooks.inject(inject.barrier); },
                   [&](const messaging::Publish& publish) { hooks.publish(publish.epoch); },
               },
               message);
  };
  listener.lost = hooks.lost;
  listener.unsendable = [hooks](const messaging::ChannelName& name, const Error& why) {
    hooks.unsendable(name.from, name.from_slot, why);
  };
  traffic_ = transport->join(job_, std::move(listener));
}

std::shared_ptr<messaging::Channel> JobLinks::channel(const Seat& from, const Seat& to,
                                                      std::size_t batch_size,
                                                      messaging::Wake wake_producer,
                                                      messaging::Wake wake_consumer) {
  if (from.is_here() && to.is_here()) {
    return std::make_shared<messaging::Channel>(batch_size, std::move(wake_producer),
                                                std::move(wake_consumer));
  }
  const messaging::ChannelName name{job_, from.task, from.slot, to.task, to.slot};
  if (from.is_here()) return traffic_->send(name, to.site, batch_size, std::move(wake_producer));
  if (to.is_here())
    return traffic_->receive(name, from.site.group, batch_size, std::move(wake_consumer));
  return nullptr;
}

void JobLinks::begin() {
  if (traffic_ != nullptr) traffic_->begin();
}

void JobLinks::report(const messaging::PeerStatus& status) { traffic_->tell(coordinator_, status); }

void JobLinks::inject(const barrier::Barrier& barrier) {
  tell(input_sites_, messaging::Inject{barrier});
}

void JobLinks::publish(Epoch epoch) { tell(sites_, messaging::Publish{epoch}); }

void JobLinks::tell(const std::set<messaging::Site>& sites, const messaging::JobMessage& message) {
  for (const messaging::Site& site : sites) traffic_->tell(site, message);
}

}  // namespace onyx::runtime
