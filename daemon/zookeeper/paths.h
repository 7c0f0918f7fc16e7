// Every znode path of a tenancy, once (docs/formats/znodes.md).
//
// Shape:   parts that come from outside (tenancy, ids, names, tasks) are escaped: what is not a
//          letter, a digit or one of "-_.:" becomes %XX, so that none of them can make a path of
//          two parts.
// Source:  Onyx log/zookeeper; spelled as there where the meaning is the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::zookeeper {

std::string escape_part(std::string_view part);
std::string unescape_part(std::string_view part);

// The position in "entry-0000000007" or in a path that ends so; -1 when there is none.
Position position_in(std::string_view entry_path);

class Paths {
 public:
  explicit Paths(std::string_view tenancy);

  const std::string& root() const { return root_; }

  // Nothing but entries is ever created under here: any other child would be a hole in the log.
  std::string log() const { return root_ + "/log"; }
  std::string entry(Position position) const;
  std::string entry_prefix() const { return root_ + "/log/entry-"; }

  std::string origin() const { return root_ + "/origin/origin"; }
  std::string truncated() const {
    return root_ + "/origin/truncated";
  }  // entries below are deleted
  std::string log_parameters() const { return root_ + "/log-parameters/log-parameters"; }

  std::string pulses() const { return root_ + "/pulse"; }
  std::string pulse(const GroupId& group) const;

  std::string job_hash(const JobId& job) const;
  std::string job_submitted(
      const JobId& job) const;  // there as soon as the job's entry is in the log
  std::string exception(const JobId& job) const;

  // Of a chunk: kind "catalog" is at catalog/J, kind "task/in" at task/J/in.
  std::string chunk(const JobId& job, std::string_view kind) const;

  // Large texts, by the SHA-256 of the whole.
  std::string parts(std::string_view sha256) const;

  std::string coordinate(const JobId& job) const;  // outside the tenancy: survives clear-tenancy

  std::string coordinates() const { return "/onyx-savepoints/latest/" + tenancy_; }

  // The persistent nodes above all of these, parents first.
  std::vector<std::string> skeleton() const;

 private:
  std::string tenancy_;  // escaped
  std::string root_;
};

// Of no tenancy alone: what is above all of them, and the history of names.
bool is_shared(std::string_view path);

// The history of a job name, shared by all tenancies.
std::string name_history(std::string_view name);
std::string submission_prefix(std::string_view name);
std::string submission(std::string_view name, std::int64_t number);

// Of "/a/b/c": "/a/b".
std::string parent_path(std::string_view path);

}  // namespace onyx::zookeeper
