#include "daemon/zookeeper/embedded/znode_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/zookeeper/embedded/znode_path.h"

namespace onyx::zookeeper::embedded {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

Reply::Part refused(Code code) { return {Op::error, code, std::nullopt, std::nullopt}; }

Reply refusal(Code code) {
  Reply reply;
  reply.code = code;
  return reply;
}

Reply reply_of(Reply::Part part) {
  Reply reply;
  reply.code = part.code;
  reply.text = std::move(part.text);
  reply.stat = part.stat;
  return reply;
}

bool is_other_version(std::int32_t wanted, std::int32_t found) {
  return wanted != kAnyVersion && wanted != found;
}

}  // namespace

Stat Znode::stat() const {
  Stat stat;
  stat.czxid = czxid;
  stat.mzxid = mzxid;
  stat.ctime = ctime;
  stat.mtime = mtime;
  stat.version = version;
  const auto child_count = static_cast<std::int32_t>(children.size());
  stat.cversion = children_created * 2 - child_count;  // creates plus deletes
  stat.aversion = aversion;
  stat.ephemeral_owner = ephemeral_owner;
  stat.data_length = static_cast<std::int32_t>(data.size());
  stat.num_children = child_count;
  stat.pzxid = pzxid;
  return stat;
}

bool is_write(const Request& request) {
  return std::holds_alternative<Create>(request) || std::holds_alternative<Remove>(request) ||
         std::holds_alternative<SetData>(request) || std::holds_alternative<SetAcl>(request) ||
         std::holds_alternative<Multi>(request);
}

ZnodeTree::ZnodeTree() {
  nodes_["/"].acl = {
      {kPermRead | kPermWrite | kPermCreate | kPermDelete | kPermAdmin, {"world", "anyone"}}};
}

Outcome ZnodeTree::handle(const Request& request, const Caller& caller, Zxid zxid, WallTimeMs now) {
  const Context context{caller, zxid, now};
  Outcome outcome;
  Work work;
  outcome.reply =
      std::visit(Overloaded{
                     [&](const Create& r) { return reply_of(create(r, context, work)); },
                     [&](const Remove& r) { return reply_of(remove(r, context, work)); },
                     [&](const SetData& r) { return reply_of(set_data(r, context, work)); },
                     [&](const CheckVersion& r) { return reply_of(check(r, context, work)); },
                     [&](const Multi& r) { return multi(r, context, work); },
                     [&](const SetAcl& r) { return set_acl(r, context); },
                     [&](const Exists& r) { return exists(r, context); },
                     [&](const GetData& r) { return get_data(r, context); },
                     [&](const GetAcl& r) { return get_acl(r, context); },
                     [&](const GetChildren& r) { return get_children(r, context); },
                     [&](const SetWatches& r) { return set_watches(r, context, outcome.events); },
                     [&](const RemoveWatches& r) { return remove_watches(r, context); },
                     [&](const Sync& r) {
                       Reply reply;
                       reply.text = r.path;
                       return reply;
                     },
                 },
                 request);
  std::vector<WatchEvent> fired = fire(work.changes);
  outcome.events.insert(outcome.events.end(), std::make_move_iterator(fired.begin()),
                        std::make_move_iterator(fired.end()));
  return outcome;
}

std::vector<WatchEvent> ZnodeTree::end_session(SessionId session, Zxid zxid) {
  drop_watches(session);
  const auto owned = ephemerals_.find(session);
  if (owned == ephemerals_.end()) return {};
  const std::set<std::string> paths = owned->second;
  Work work;
  for (const std::string& path : paths) detach(path, zxid, work);
  return fire(work.changes);
}

void ZnodeTree::drop_watches(SessionId session) {
  data_watches_.drop(session);
  child_watches_.drop(session);
}

Reply::Part ZnodeTree::create(const Create& request, const Context& context, Work& work) {
  if ((request.flags & ~(kFlagEphemeral | kFlagSequence)) != 0) {
    return refused(Code::unimplemented);
  }
  const bool is_sequential = (request.flags & kFlagSequence) != 0;
  const bool is_ephemeral = (request.flags & kFlagEphemeral) != 0;
  // A sequential name may end with "/": the number is the whole name then.
  std::string path = is_sequential ? request.path + "0" : request.path;
  if (!is_valid_path(path) || path == "/") {
    return refused(path == "/" ? Code::node_exists : Code::bad_arguments);
  }
  const std::optional<std::vector<Acl>> acl = resolve_acl(request.acl, context.caller.identities);
  if (!acl) return refused(Code::invalid_acl);
  const auto above = nodes_.find(std::string(parent_of(path)));
  if (above == nodes_.end()) return refused(Code::no_node);
  Znode& parent = above->second;
  if (!is_allowed(parent.acl, kPermCreate, context.caller.identities)) {
    return refused(Code::no_auth);
  }
  if (parent.ephemeral_owner != 0) return refused(Code::no_children_for_ephemerals);
  if (is_sequential) path = fmt::format("{}{:010d}", request.path, parent.children_created);
  if (nodes_.contains(path)) return refused(Code::node_exists);

  work.undo.push_back(UndoCreate{path, parent.pzxid});
  parent.children.emplace(name_in(path));
  parent.children_created += 1;
  parent.pzxid = context.zxid;
  Znode node;
  node.data = request.data;
  node.acl = *acl;
  node.czxid = node.mzxid = node.pzxid = context.zxid;
  node.ctime = node.mtime = context.now;
  if (is_ephemeral) {
    node.ephemeral_owner = context.caller.session;
    ephemerals_[node.ephemeral_owner].insert(path);
  }
  const Stat stat = node.stat();
  nodes_.emplace(path, std::move(node));
  work.changes.push_back({EventType::node_created, path});
  Reply::Part part{Op::create, Code::ok, std::move(path), std::nullopt};
  if (request.with_stat) {
    part.op = Op::create2;
    part.stat = stat;
  }
  return part;
}

Reply::Part ZnodeTree::remove(const Remove& request, const Context& context, Work& work) {
  if (!is_valid_path(request.path) || request.path == "/") return refused(Code::bad_arguments);
  const Znode* node = find(request.path);
  if (node == nullptr) return refused(Code::no_node);
  if (!is_allowed(parent(request.path).acl, kPermDelete, context.caller.identities)) {
    return refused(Code::no_auth);
  }
  if (is_other_version(request.version, node->version)) return refused(Code::bad_version);
  if (!node->children.empty()) return refused(Code::not_empty);
  detach(request.path, context.zxid, work);
  return {Op::remove, Code::ok, std::nullopt, std::nullopt};
}

Reply::Part ZnodeTree::set_data(const SetData& request, const Context& context, Work& work) {
  if (!is_valid_path(request.path)) return refused(Code::bad_arguments);
  Znode* node = find(request.path);
  if (node == nullptr) return refused(Code::no_node);
  if (!is_allowed(node->acl, kPermWrite, context.caller.identities)) return refused(Code::no_auth);
  if (is_other_version(request.version, node->version)) return refused(Code::bad_version);
  work.undo.push_back(UndoSet{request.path, std::move(node->data), node->mzxid, node->mtime});
  node->data = request.data;
  node->mzxid = context.zxid;
  node->mtime = context.now;
  node->version += 1;
  work.changes.push_back({EventType::node_data_changed, request.path});
  return {Op::set_data, Code::ok, std::nullopt, node->stat()};
}

Reply::Part ZnodeTree::check(const CheckVersion& request, const Context& context, Work&) {
  const Znode* node = find(request.path);
  if (node == nullptr) return refused(Code::no_node);
  if (!is_allowed(node->acl, kPermRead, context.caller.identities)) return refused(Code::no_auth);
  if (is_other_version(request.version, node->version)) return refused(Code::bad_version);
  return {Op::check, Code::ok, std::nullopt, std::nullopt};
}

Reply ZnodeTree::multi(const Multi& request, const Context& context, Work& work) {
  Reply reply;
  std::vector<Reply::Part>& parts = reply.parts.emplace();
  for (const MultiOp& op : request.ops) {
    parts.push_back(
        std::visit(Overloaded{[&](const Create& r) { return create(r, context, work); },
                              [&](const Remove& r) { return remove(r, context, work); },
                              [&](const SetData& r) { return set_data(r, context, work); },
                              [&](const CheckVersion& r) { return check(r, context, work); }},
                   op));
    if (parts.back().code == Code::ok) continue;
    take_back(work.undo);
    work.changes.clear();
    std::fill(parts.begin(), parts.end() - 1, refused(Code::ok));
    parts.resize(request.ops.size(), refused(Code::runtime_inconsistency));
    return reply;
  }
  return reply;
}

Reply ZnodeTree::set_acl(const SetAcl& request, const Context& context) {
  Znode* node = find(request.path);
  if (node == nullptr) return refusal(Code::no_node);
  const std::optional<std::vector<Acl>> acl = resolve_acl(request.acl, context.caller.identities);
  if (!acl) return refusal(Code::invalid_acl);
  if (!is_allowed(node->acl, kPermAdmin, context.caller.identities)) {
    return refusal(Code::no_auth);
  }
  if (is_other_version(request.version, node->aversion)) return refusal(Code::bad_version);
  node->acl = *acl;
  node->aversion += 1;
  Reply reply;
  reply.stat = node->stat();
  return reply;
}

Reply ZnodeTree::exists(const Exists& request, const Context& context) {
  if (!is_valid_path(request.path)) return refusal(Code::bad_arguments);
  if (request.watch) data_watches_.add(request.path, context.caller.session);
  const Znode* node = find(request.path);
  if (node == nullptr) return refusal(Code::no_node);
  Reply reply;
  reply.stat = node->stat();
  return reply;
}

Reply ZnodeTree::get_data(const GetData& request, const Context& context) {
  const Znode* node = find(request.path);
  if (node == nullptr) return refusal(Code::no_node);
  if (!is_allowed(node->acl, kPermRead, context.caller.identities)) return refusal(Code::no_auth);
  if (request.watch) data_watches_.add(request.path, context.caller.session);
  Reply reply;
  reply.text = node->data;
  reply.stat = node->stat();
  return reply;
}

Reply ZnodeTree::get_acl(const GetAcl& request, const Context& context) const {
  const Znode* node = find(request.path);
  if (node == nullptr) return refusal(Code::no_node);
  if (!is_allowed(node->acl, kPermRead | kPermAdmin, context.caller.identities)) {
    return refusal(Code::no_auth);
  }
  Reply reply;
  reply.acl = node->acl;
  reply.stat = node->stat();
  return reply;
}

Reply ZnodeTree::get_children(const GetChildren& request, const Context& context) {
  const Znode* node = find(request.path);
  if (node == nullptr) return refusal(Code::no_node);
  if (!is_allowed(node->acl, kPermRead, context.caller.identities)) return refusal(Code::no_auth);
  if (request.watch) child_watches_.add(request.path, context.caller.session);
  Reply reply;
  reply.children.emplace(node->children.begin(), node->children.end());
  if (request.with_stat) reply.stat = node->stat();
  return reply;
}

Reply ZnodeTree::set_watches(const SetWatches& request, const Context& context,
                             std::vector<WatchEvent>& events) {
  const SessionId session = context.caller.session;
  for (const std::string& path : request.data) {
    const Znode* node = find(path);
    if (node == nullptr) {
      events.push_back({session, EventType::node_deleted, path});
    } else if (node->mzxid > request.relative_zxid) {
      events.push_back({session, EventType::node_data_changed, path});
    } else {
      data_watches_.add(path, session);
    }
  }
  for (const std::string& path : request.exist) {
    if (find(path) != nullptr) {
      events.push_back({session, EventType::node_created, path});
    } else {
      data_watches_.add(path, session);
    }
  }
  for (const std::string& path : request.child) {
    const Znode* node = find(path);
    if (node == nullptr) {
      events.push_back({session, EventType::node_deleted, path});
    } else if (node->pzxid > request.relative_zxid) {
      events.push_back({session, EventType::node_children_changed, path});
    } else {
      child_watches_.add(path, session);
    }
  }
  return {};
}

Reply ZnodeTree::remove_watches(const RemoveWatches& request, const Context& context) {
  constexpr std::int32_t kChildren = 1;
  constexpr std::int32_t kData = 2;
  bool removed = false;
  if (request.type != kData) {
    removed |= child_watches_.remove(request.path, context.caller.session);
  }
  if (request.type != kChildren) {
    removed |= data_watches_.remove(request.path, context.caller.session);
  }
  return removed ? Reply() : refusal(Code::no_watcher);
}

Znode* ZnodeTree::find(const std::string& path) {
  const auto it = nodes_.find(path);
  return it == nodes_.end() ? nullptr : &it->second;
}

const Znode* ZnodeTree::find(const std::string& path) const {
  const auto it = nodes_.find(path);
  return it == nodes_.end() ? nullptr : &it->second;
}

Znode& ZnodeTree::parent(const std::string& path) {
  return nodes_.at(std::string(parent_of(path)));
}

void ZnodeTree::detach(const std::string& path, Zxid zxid, Work& work) {
  const auto it = nodes_.find(path);
  Znode& above = parent(path);
  if (it->second.ephemeral_owner != 0) {
    const auto owned = ephemerals_.find(it->second.ephemeral_owner);
    owned->second.erase(path);
    if (owned->second.empty()) ephemerals_.erase(owned);
  }
  work.undo.push_back(UndoRemove{path, std::move(it->second), above.pzxid});
  nodes_.erase(it);
  above.children.erase(std::string(name_in(path)));
  above.pzxid = zxid;
  work.changes.push_back({EventType::node_deleted, path});
}

void ZnodeTree::take_back(std::vector<Undo>& undo) {
  for (auto at = undo.rbegin(); at != undo.rend(); ++at) {
    std::visit(Overloaded{
                   [&](UndoCreate& u) {
                     const auto it = nodes_.find(u.path);
                     if (it->second.ephemeral_owner != 0) {
                       const auto owned = ephemerals_.find(it->second.ephemeral_owner);
                       owned->second.erase(u.path);
                       if (owned->second.empty()) ephemerals_.erase(owned);
                     }
                     nodes_.erase(it);
                     Znode& above = parent(u.path);
                     above.children.erase(std::string(name_in(u.path)));
                     above.children_created -= 1;
                     above.pzxid = u.parent_pzxid;
                   },
                   [&](UndoRemove& u) {
                     Znode& above = parent(u.path);
                     above.children.emplace(name_in(u.path));
                     above.pzxid = u.parent_pzxid;
                     if (u.node.ephemeral_owner != 0) {
                       ephemerals_[u.node.ephemeral_owner].insert(u.path);
                     }
                     nodes_.emplace(u.path, std::move(u.node));
                   },
                   [&](UndoSet& u) {
                     Znode& node = nodes_.at(u.path);
                     node.data = std::move(u.data);
                     node.mzxid = u.mzxid;
                     node.mtime = u.mtime;
                     node.version -= 1;
                   },
               },
               *at);
  }
  undo.clear();
}

std::vector<WatchEvent> ZnodeTree::fire(const std::vector<Change>& changes) {
  std::vector<WatchEvent> events;
  for (const auto& [type, path] : changes) {
    std::set<SessionId> told;
    for (const SessionId session : data_watches_.take(path)) {
      told.insert(session);
      events.push_back({session, type, path});
    }
    if (type == EventType::node_data_changed) continue;
    if (type == EventType::node_deleted) {
      for (const SessionId session : child_watches_.take(path)) {
        if (!told.contains(session)) events.push_back({session, type, path});
      }
    }
    const std::string above(parent_of(path));
    for (const SessionId session : child_watches_.take(above)) {
      events.push_back({session, EventType::node_children_changed, above});
    }
  }
  return events;
}

}  // namespace onyx::zookeeper::embedded
