// The znodes and their watches as a machine: (request, caller, zxid, now) → reply and watch events.
//
// Shape:   sequential names take the number of children ever created under the parent, so they are
//          dense as long as nothing else is created there; deletes and failed multis leave the
//          number alone.
// Units:   now in ms, wall time. zxids grow.
// Thread:  a value of its owner.
// Source:  PrepRequestProcessor, DataTree and DataNode of ZooKeeper 3.8.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "daemon/zookeeper/embedded/access.h"
#include "daemon/zookeeper/embedded/protocol.h"
#include "daemon/zookeeper/embedded/watch_table.h"

namespace onyx::zookeeper::embedded {

struct Caller {
  SessionId session = 0;
  Identities identities;
};

struct Outcome {
  Reply reply;
  std::vector<WatchEvent> events;  // to be sent before the reply
};

struct Znode {
  std::string data;
  std::vector<Acl> acl;
  Zxid czxid = 0;
  Zxid mzxid = 0;
  Zxid pzxid = 0;
  WallTimeMs ctime = 0;
  WallTimeMs mtime = 0;
  std::int32_t version = 0;
  std::int32_t aversion = 0;
  std::int32_t children_created = 0;  // ever
  SessionId ephemeral_owner = 0;
  std::set<std::string, std::less<>> children;

  Stat stat() const;
};

bool is_write(const Request& request);

class ZnodeTree {
 public:
  ZnodeTree();

  Outcome handle(const Request& request, const Caller& caller, Zxid zxid, WallTimeMs now);

  // The session has ended: its ephemerals go, and so do its watches.
  std::vector<WatchEvent> end_session(SessionId session, Zxid zxid);

  // The session's connection is gone. The client will send its watches again.
  void drop_watches(SessionId session);

  std::size_t size() const { return nodes_.size(); }
  std::size_t watch_count() const { return data_watches_.size() + child_watches_.size(); }

 private:
  struct Context {
    const Caller& caller;
    Zxid zxid;
    WallTimeMs now;
  };

  // How to take back one step of a multi that failed further on.
  struct UndoCreate {
    std::string path;
    Zxid parent_pzxid;
  };
  struct UndoRemove {
    std::string path;
    Znode node;
    Zxid parent_pzxid;
  };
  struct UndoSet {
    std::string path;
    std::string data;
    Zxid mzxid;
    WallTimeMs mtime;
  };
  using Undo = std::variant<UndoCreate, UndoRemove, UndoSet>;
  struct Change {
    EventType type;  // created, deleted, data changed
    std::string path;
  };
  struct Work {
    std::vector<Undo> undo;
    std::vector<Change> changes;
  };

  Reply::Part create(const Create& request, const Context& context, Work& work);
  Reply::Part remove(const Remove& request, const Context& context, Work& work);
  Reply::Part set_data(const SetData& request, const Context& context, Work& work);
  Reply::Part check(const CheckVersion& request, const Context& context, Work& work);
  Reply multi(const Multi& request, const Context& context, Work& work);
  Reply set_acl(const SetAcl& request, const Context& context);

  Reply exists(const Exists& request, const Context& context);
  Reply get_data(const GetData& request, const Context& context);
  Reply get_acl(const GetAcl& request, const Context& context) const;
  Reply get_children(const GetChildren& request, const Context& context);
  Reply set_watches(const SetWatches& request, const Context& context,
                    std::vector<WatchEvent>& events);
  Reply remove_watches(const RemoveWatches& request, const Context& context);

  Znode* find(const std::string& path);
  const Znode* find(const std::string& path) const;
  Znode& parent(const std::string& path);
  void detach(const std::string& path, Zxid zxid, Work& work);
  void take_back(std::vector<Undo>& undo);
  std::vector<WatchEvent> fire(const std::vector<Change>& changes);

  std::unordered_map<std::string, Znode> nodes_;
  std::map<SessionId, std::set<std::string>> ephemerals_;
  WatchTable data_watches_;  // of getData and exists, also on nodes that are not there yet
  WatchTable child_watches_;
};

}  // namespace onyx::zookeeper::embedded
