#include "cli/codes.h"

#include <iterator>

#include "common/edn/reader_rules.h"

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
    {"CLI-08", "A word on the command line is not valid UTF-8",
     "Names, ids and paths are UTF-8. The message says which word it is; rename a file whose name "
     "is "
     "in another encoding."},
    {"CLI-09", "The daemon serves another tenancy",
     "A daemon serves one tenancy, and --tenancy or ONYX_TENANCY names the one that is meant. "
     "Nothing was done. Name a daemon of that tenancy with --addr or ONYX_ADDR; `onyxctl version` "
     "shows whom it talks to."},
    {"CASE-01", "A case file is not well formed",
     "A case has the keys :doc, :onyx/source, :job, :inputs, :expect, :expect-contains, "
     ":expect-state, :expect-exception, :expect-error and :peer-config, and expects something."},
    {"CASE-02", "No case was found",
     "Below a directory, a case is an .edn file with :job and one of the :expect… keys."},
    {"CASE-03", "A case writes too much",
     "Outputs of a case are compared whole, and a daemon shows at most 4 MiB of each. Make the "
     "case smaller."},
    {"NET-01", "An address to listen on cannot be read",
     "Write unix:/absolute/path or HOST:PORT; port 0 takes a free one."},
    {"NET-02", "An address cannot be listened on",
     "Another process has it, or its directory is missing or not writable. The message says which; "
     "choose another one with --listen."},
    {"NET-03", "The address can be reached from other machines",
     "The API has no TLS yet, so onyxd listens on Unix sockets and loopback only. Forward a port "
     "over ssh to reach it from elsewhere."},
    {"NET-04", "There is no such job, output, group or peer",
     "It was never there in this tenancy, or its record was collected. `onyxctl job ls`, "
     "`onyxctl group ls` and `onyxctl peer ls` show what there is."},
    {"NET-05", "A request is too large",
     "A job with its functions has at most 16 MiB. Put data into files and read them with the file "
     "plugin."},
    {"NET-06", "The job id belongs to another job",
     "Submit is safe to repeat with the same --id as long as job, functions and files are the "
     "same. For a changed job take another id, or none."},
    {"NET-07", "A request has a part that the daemon does not know",
     "onyxctl is newer than the daemon. `onyxctl version` shows both; use the one of the "
     "daemon, or update the daemon."},
    {"NET-08", "The daemon is no member of the cluster at the moment",
     "It has lost its ZooKeeper session and joins again under a new id, or it is leaving. Try "
     "again in a moment, or ask another daemon."},
    {"NET-09", "A request cannot be decoded",
     "What came is no message of that call, or a text in it is not valid UTF-8: protobuf takes no "
     "other. Nothing was done. onyxctl checks its words itself; other clients have to."},
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
    {"NET-14", "A frame between daemons is too large",
     "The other side is broken, or no daemon. The connection is closed and made anew."},
    {"NET-15", "A definition of names between daemons is wrong",
     "The other side is broken or this process has no room for another keyword: keep keys that "
     "are data as strings."},
    {"NET-16", "The body of a frame between daemons is malformed",
     "The other side is broken or of another version. The connection is closed and made anew."},
    {"NET-17", "A batch between daemons has too many rows",
     "The other side sends more than its receiver has asked for. The connection is closed and "
     "made anew."},
    {"NET-20", "A segment cannot be sent to another daemon",
     "It holds a function, or is nested too deep. Segments are plain data; what the message "
     "shows must not leave the task."},
    {"NET-21", "A segment is too large for another daemon",
     "Put large content into files, and their names into segments."},
    {"NET-22", "Another daemon cannot be reached",
     "Nothing listens where its peers' site says. It is tried again for a few seconds; then the "
     "job starts over, and without it once the cluster has noticed that it is gone."},
    {"NET-23", "A connection between daemons broke",
     "The other daemon stopped, or the network cut it. The jobs that used it start over."},
    {"NET-24", "The other side is no daemon of this version",
     "Its first bytes are not those of the data plane's protocol, or of another version of it. "
     "Run one version of Onyx on all daemons of a tenancy."},
    {"NET-25", "A frame between daemons is damaged",
     "Its check sum is wrong. The connection is closed and made anew, and the jobs that used it "
     "start over."},
    {"NET-26", "A frame between daemons is missing or came twice",
     "Frames are counted. The connection is closed and made anew, and the jobs that used it start "
     "over."},
    {"NET-27", "A frame between daemons has an unknown type",
     "The other side is of another version. Run one version of Onyx on all daemons of a tenancy."},
    {"NET-30", "The other daemon belongs to another tenancy",
     "Both sides prove their tenancy when they connect. Check :onyx/tenancy-id and the "
     "address."},
    {"NET-31", "Another group answers than was expected",
     "The address was taken over by another daemon. The connection is made anew when the "
     "group's address is known."},
    {"NET-32", "A frame came out of order between daemons",
     "The other side is broken or of another version. The connection is closed and made anew."},
    {"NET-33", "The other daemon ended the connection", "Its reason is in the message."},
    {"NET-34", "Nothing is heard from another daemon",
     "It is dead, stopped or cut off. The connection is given up, and the job starts over when "
     "the group is gone."},
    {"NET-35", "A channel between daemons is used wrongly",
     "A defect: two sides disagree about which peers exchange segments. Please report the "
     "message."},
    {"NET-36", "A group has connected anew",
     "Its older connection is given up; nothing is to be done."},
    {"NET-37", "Too much waits for a job that is not here",
     "Daemons send for jobs that this one does not know. They start those jobs over; if it "
     "stays, compare `onyxctl job ls` on both."},
    {"NET-40", "What was at this entry is gone",
     "A gc has made one replica of the log up to its origin; only what came after can be shown. "
     "The message says which entry the origin is."},
    {"NET-41", "There is no such entry yet",
     "Entries are numbered from 0. `onyxctl log tail -n 1` shows the newest."},
    {"NET-42", "The log is broken, and the daemon's peers have stopped",
     "An entry is missing under the tenancy's log/, or something else was created there. Nobody "
     "passes a hole, as nobody knows what was in it. Restore ZooKeeper's data, or start under "
     "another :onyx/tenancy-id; then restart the daemon."},
    {"NET-43", "The group is drained",
     "A drained group has no peers and takes none. `onyxctl group undrain GROUP` brings back as "
     "many as it had; then more can be added."},
    {"NET-44", "The log would reject a step of the simulation",
     "The steps are applied in the order they were typed, each on what the one before has left: a "
     "group that has been lost cannot be lost again, nor take peers."},
    {"NET-45", "A value in a request is missing or out of range",
     "The message says what was found and what is wanted. onyxctl checks what it can before it "
     "asks."},
    {"NET-46", "A name or the beginning of an id fits several",
     "Nothing was done. Those that fit are listed: write more of the id."},
    {"NET-47", "The peer belongs to another daemon",
     "A daemon starts and stops peers of its own group only. The message names the group; `onyxctl"
     " group ls` shows on which host it is: ask the daemon there, with --addr."},
    {"NET-48", "A daemon does not say what its peers have written",
     "A case ran on several daemons, and one did not answer afterwards. Look whether it is there "
     "(`onyxctl group ls`), and run the case again."},
    {"NET-49", "The daemon's socket may not be opened",
     "A Unix socket of onyxd is for its user and group. Run onyxctl as one of them, or have your "
     "user added to the group."},
    {"NET-50", "ZooKeeper grants a session timeout that is too short or too long",
     "A daemon counts as dead when it has been silent for that long: under 2 s hiccups end groups, "
     "over 40 s the dead keep their work. Servers grant between 2 and 20 of their ticks: change "
     "tickTime, minSessionTimeout or maxSessionTimeout there, or "
     ":onyx.zookeeper/session-timeout-ms "
     "here."},
    {"NET-51", "ZooKeeper refuses this daemon",
     "It does not accept the credentials, or has ended the session while it was opened. Check "
     ":onyxd/zookeeper-auth-file, and that the servers know its scheme."},
    {"NET-52", "The tenancy in ZooKeeper is open to others",
     "The daemon has credentials, but the tenancy was made without, so whoever reaches ZooKeeper "
     "can "
     "change it. The message has the two commands that close it; or take another tenancy, or "
     "accept "
     "it with :onyxd/zookeeper-open?."},
};

}  // namespace

std::vector<model::ErrorCodeDoc> explained_codes() {
  std::vector<model::ErrorCodeDoc> all;
  for (const edn::ReadRuleText& rule : edn::read_rules()) {
    all.push_back({rule.code, rule.title, rule.explanation});
  }
  const auto job_codes = model::error_codes();
  all.insert(all.end(), job_codes.begin(), job_codes.end());
  all.insert(all.end(), std::begin(kCodes), std::end(kCodes));
  return all;
}

}  // namespace onyx::cli
