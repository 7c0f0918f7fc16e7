#include "daemon/zookeeper/embedded/request_codec.h"

namespace onyx::zookeeper::embedded {
namespace {

std::vector<Acl> read_acl(JuteReader& in) {
  std::vector<Acl> acl(in.count(12));
  for (Acl& entry : acl) {
    entry.perms = in.integer();
    entry.who.scheme = in.text();
    entry.who.id = in.text();
  }
  return acl;
}

Create read_create(JuteReader& in, bool with_stat) {
  Create create;
  create.path = in.text();
  create.data = in.text();
  create.acl = read_acl(in);
  create.flags = in.integer();
  create.with_stat = with_stat;
  return create;
}

Remove read_remove(JuteReader& in) {
  Remove remove;
  remove.path = in.text();
  remove.version = in.integer();
  return remove;
}

SetData read_set_data(JuteReader& in) {
  SetData set;
  set.path = in.text();
  set.data = in.text();
  set.version = in.integer();
  return set;
}

CheckVersion read_check(JuteReader& in) {
  CheckVersion check;
  check.path = in.text();
  check.version = in.integer();
  return check;
}

SetAcl read_set_acl(JuteReader& in) {
  SetAcl set;
  set.path = in.text();
  set.acl = read_acl(in);
  set.version = in.integer();
  return set;
}

GetChildren read_get_children(JuteReader& in, bool with_stat) {
  GetChildren get;
  get.path = in.text();
  get.watch = in.boolean();
  get.with_stat = with_stat;
  return get;
}

SetWatches read_set_watches(JuteReader& in) {
  SetWatches set;
  set.relative_zxid = in.long_integer();
  set.data = in.texts();
  set.exist = in.texts();
  set.child = in.texts();
  return set;
}

// Nothing when an operation inside is none that a multi may hold.
std::optional<Multi> read_multi(JuteReader& in) {
  Multi multi;
  while (in.ok()) {
    const Op op{in.integer()};
    const bool done = in.boolean();
    in.integer();
    if (done) return multi;
    switch (op) {
      case Op::create:
        multi.ops.emplace_back(read_create(in, false));
        break;
      case Op::create2:
        multi.ops.emplace_back(read_create(in, true));
        break;
      case Op::remove:
        multi.ops.emplace_back(read_remove(in));
        break;
      case Op::set_data:
        multi.ops.emplace_back(read_set_data(in));
        break;
      case Op::check:
        multi.ops.emplace_back(read_check(in));
        break;
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Request> read_body(Op op, JuteReader& in, bool& known) {
  known = true;
  switch (op) {
    case Op::create:
      return read_create(in, false);
    case Op::create2:
      return read_create(in, true);
    case Op::remove:
      return read_remove(in);
    case Op::exists: {
      Exists exists{in.text(), false};
      exists.watch = in.boolean();
      return exists;
    }
    case Op::get_data: {
      GetData get{in.text(), false};
      get.watch = in.boolean();
      return get;
    }
    case Op::set_data:
      return read_set_data(in);
    case Op::get_acl:
      return GetAcl{in.text()};
    case Op::set_acl:
      return read_set_acl(in);
    case Op::get_children:
      return read_get_children(in, false);
    case Op::get_children2:
      return read_get_children(in, true);
    case Op::sync:
      return Sync{in.text()};
    case Op::check:
      return read_check(in);
    case Op::set_watches:
      return read_set_watches(in);
    case Op::remove_watches: {
      RemoveWatches remove{in.text(), 0};
      remove.type = in.integer();
      return remove;
    }
    case Op::multi:
      return read_multi(in);
    default:
      known = false;
      return std::nullopt;
  }
}

void write_stat(JuteWriter& out, const Stat& stat) {
  out.long_integer(stat.czxid);
  out.long_integer(stat.mzxid);
  out.long_integer(stat.ctime);
  out.long_integer(stat.mtime);
  out.integer(stat.version);
  out.integer(stat.cversion);
  out.integer(stat.aversion);
  out.long_integer(stat.ephemeral_owner);
  out.integer(stat.data_length);
  out.integer(stat.num_children);
  out.long_integer(stat.pzxid);
}

void write_multi_header(JuteWriter& out, Op op, bool done, std::int32_t code) {
  out.integer(static_cast<std::int32_t>(op));
  out.boolean(done);
  out.integer(code);
}

void write_part(JuteWriter& out, const Reply::Part& part) {
  const auto code = static_cast<std::int32_t>(part.code);
  write_multi_header(out, part.op, false, code);
  if (part.op == Op::error) out.integer(code);
  if (part.text) out.text(*part.text);
  if (part.stat) write_stat(out, *part.stat);
}

void write_reply_header(JuteWriter& out, std::int32_t xid, Zxid zxid, Code code) {
  out.integer(xid);
  out.long_integer(zxid);
  out.integer(static_cast<std::int32_t>(code));
}

std::string framed(std::string body) {
  JuteWriter length;
  length.integer(static_cast<std::int32_t>(body.size()));
  return length.take() + body;
}

}  // namespace

std::optional<ConnectRequest> decode_connect(std::string_view frame) {
  JuteReader in(frame);
  ConnectRequest request;
  request.protocol_version = in.integer();
  request.last_zxid_seen = in.long_integer();
  request.timeout_ms = in.integer();
  request.session = in.long_integer();
  request.password = in.text();
  if (!in.ok()) return std::nullopt;
  if (!in.at_end()) {
    in.boolean();
    request.knows_read_only = true;
  }
  if (!in.at_end()) return std::nullopt;
  return request;
}

RequestHeader decode_header(JuteReader& in) {
  RequestHeader header;
  header.xid = in.integer();
  header.op = Op{in.integer()};
  return header;
}

std::optional<AuthRequest> decode_auth(JuteReader& in) {
  in.integer();  // the kind of packet; always 0
  AuthRequest request;
  request.scheme = in.text();
  request.credentials = in.text();
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return request;
}

std::optional<Request> decode_request(Op op, JuteReader& in, bool& known) {
  std::optional<Request> request = read_body(op, in, known);
  if (!in.ok() || (request && !in.at_end())) return std::nullopt;
  return request;
}

std::string encode_connect(const ConnectReply& reply) {
  JuteWriter out;
  out.integer(0);
  out.integer(reply.timeout_ms);
  out.long_integer(reply.session);
  out.text(reply.password);
  if (reply.with_read_only) out.boolean(false);
  return framed(out.take());
}

std::string encode_reply(std::int32_t xid, Zxid zxid, const Reply& reply) {
  JuteWriter out;
  write_reply_header(out, xid, zxid, reply.code);
  if (reply.code != Code::ok) return framed(out.take());
  if (reply.text) out.text(*reply.text);
  if (reply.acl) {
    out.integer(static_cast<std::int32_t>(reply.acl->size()));
    for (const Acl& entry : *reply.acl) {
      out.integer(entry.perms);
      out.text(entry.who.scheme);
      out.text(entry.who.id);
    }
  }
  if (reply.children) out.texts(*reply.children);
  if (reply.stat) write_stat(out, *reply.stat);
  if (reply.parts) {
    for (const Reply::Part& part : *reply.parts) write_part(out, part);
    write_multi_header(out, Op::error, true, -1);
  }
  return framed(out.take());
}

std::string encode_event(const WatchEvent& event) {
  constexpr std::int32_t kStateConnected = 3;
  JuteWriter out;
  write_reply_header(out, kXidNotification, -1, Code::ok);
  out.integer(static_cast<std::int32_t>(event.type));
  out.integer(kStateConnected);
  out.text(event.path);
  return framed(out.take());
}

}  // namespace onyx::zookeeper::embedded
