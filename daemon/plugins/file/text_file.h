// A text file that is written under a hidden name and appears under its own, whole, when it is published.
//
// Shape:   `.NAME.onyx-JOB-SLOT.VERSION.part` beside the target until publish(): flush, fsync; rename, fsync of the directory.
// Thread:  one at a time. make_durable() and publish() block on the disk.
// Errors:  name the file and what the system said; a full disk among them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::plugins::file {

class TextFile {
 public:
  // Removes what earlier versions of this job and slot have left beside the target. Refuses a second file of one version.
  static Result<TextFile> create(const std::string& target, const JobId& job, SlotId slot,
                                 ReplicaVersion version);
  ~TextFile();  // unpublished: removed
  TextFile(TextFile&& other) noexcept;
  TextFile& operator=(TextFile&&) = delete;

  std::string& buffer() { return buffer_; }  // append here
  Result<void> flush();
  // Has the system begin to write to the disk what was flushed, in pieces worth it. A hint: it changes nothing else.
  void start_writing_back();
  Result<void> make_durable();
  // Nothing is appended afterwards.
  Result<void> publish();  // made durable first
  std::uint64_t bytes() const { return written_ + buffer_.size(); }
  const std::string& target() const { return target_; }

 private:
  TextFile(std::string target, std::string hidden, int fd);

  std::string target_;
  std::string hidden_;
  int fd_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  std::uint64_t on_its_way_ = 0;  // of those, the bytes that start_writing_back() has sent off
  bool is_durable_ = false;
  bool is_published_ = false;
};

}  // namespace onyx::plugins::file
