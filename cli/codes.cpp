#include "cli/codes.h"

namespace onyx::cli {
namespace {

constexpr model::ErrorCodeDoc kCodes[] = {
    {"CLI-01", "There is no such command",
     "The word is no command at that place. The nearest ones are named; --help lists all of them. "
     "Nothing was done."},
    {"CLI-02", "There is no such flag",
     "The command does not take that flag. The nearest ones are named; --help lists all of them."},
    {"CLI-03", "An argument is missing, surplus or out of range",
     "The words before it were understood. The message says what was found and what is wanted; "
     "--help shows how the command is called."},
    {"CLI-04", "A duration cannot be read",
     "Write numbers with units, the largest first: 90s, 5m, 1h30m, 500ms, 2d. A number alone "
     "counts "
     "seconds."},
    {"CLI-05", "A file cannot be read",
     "The message has the reason of the system. Check the path and its permissions."},
    {"CLI-06", "Something that cannot be undone was not confirmed",
     "Answer y on a terminal; in a script, add --yes."},
    {"CLI-07", "There is no such key or code",
     "`onyxctl doc` and `onyxctl explain` without arguments list all of them."},
    {"CASE-01", "A case file is not well formed",
     "A case has the keys :doc, :onyx/source, :job, :inputs, :expect, :expect-contains, "
     ":expect-state, :expect-exception, :expect-error and :peer-config, and expects something."},
    {"CASE-02", "No case was found",
     "Below a directory, a case is an .edn file with :job and one of the :expect… keys."},
    {"NET-01", "An address to listen on cannot be read",
     "Write unix:/absolute/path or HOST:PORT; port 0 takes a free one."},
    {"NET-02", "An address cannot be listened on",
     "Another process has it, or its directory is missing or not writable. The message says which; "
     "choose another one with --listen."},
    {"NET-03", "The address can be reached from other machines",
     "The API has no TLS yet, so onyxd listens on Unix sockets and loopback only. Forward a port "
     "over ssh to reach it from elsewhere."},
    {"NET-05", "A request is too large",
     "A job with its functions has at most 16 MiB. Put data into files and read them with the file "
     "plugin."},
    {"NET-10", "No daemon answers",
     "Nothing listens at the address. Start a daemon (`onyxd --dev` for development), or name the "
     "right address with --addr or ONYX_ADDR. Without either, the local socket is used."},
    {"NET-11", "The daemon did not answer in time",
     "What was asked for may still happen. Look (`onyxctl job ls`) before you try again; submit is "
     "safe to repeat with the same --id."},
    {"NET-12", "The daemon stopped while it was listened to",
     "The job is not affected by that. Ask another daemon of the cluster, or the same when it is "
     "back: `onyxctl job status`."},
    {"NET-13", "The daemon for the tests could not be started",
     "`onyxctl test` runs cases on an onyxd of its own, found beside onyxctl or in PATH. The "
     "message "
     "has what it said; with --addr the cases run on a daemon that is there."},
};

}  // namespace

std::span<const model::ErrorCodeDoc> own_codes() { return kCodes; }

}  // namespace onyx::cli
