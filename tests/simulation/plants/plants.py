"""The planted defects: from the list of what Onyx gets wrong, from what reviews feared, and from what simulation found."""
from collections import namedtuple

# kind: "statement" (the piece is one or more whole statements) or "expression".
Plant = namedtuple("Plant", "words file kind good bad")

COMMANDS = "daemon/coordination/commands/"

PLANTS = [
    # --- the log ---
    Plant("a second copy of an entry acts again", "daemon/coordination/transition.cpp", "expression",
          "writer == nullptr || entry.seq > writer->seq", "true"),
    Plant("the second copy of a writer's last entry acts again", "daemon/coordination/transition.cpp", "expression",
          "writer == nullptr || entry.seq > writer->seq", "writer == nullptr || entry.seq >= writer->seq"),
    Plant("an entry of unknown outcome counts as written", "daemon/coordination/appending.cpp", "statement",
          "trouble_ = result.error(); ask_or_end(AskNewest{}, session_over);", "step_ = Done{known_};"),
    Plant("the search for an entry takes another writer's for its own", "daemon/coordination/appending.cpp", "expression",
          "entry->writer == writer_ && entry->seq == seq_", "entry->seq == seq_"),
    Plant("an entry that was being looked for is given up when one of them is collected",
          "daemon/coordination/appending.cpp", "statement",
          "look_from(position + 1);", "step_ = Done{position};"),
    Plant("replicas choose an observer by what only they have seen", COMMANDS + "prepare_join_cluster.cpp", "expression",
          "static_cast<std::size_t>(a.entry.position) % candidates.size()",
          "[&] { static thread_local std::size_t seen = 0; return ++seen % candidates.size(); }()"),

    # --- the ring ---
    Plant("the ring is closed over whom the joiner was told to watch", COMMANDS + "accept_join_cluster.cpp", "expression",
          "watched == changed.pairs.end() ? observer : watched->second", "command.subject"),
    Plant("an observer brings in two joiners at once", "daemon/coordination/join_ring.cpp", "expression",
          "group != joiner && !std::binary_search(busy.begin(), busy.end(), group)", "group != joiner"),
    Plant("a joiner that dies stays with its observer", COMMANDS + "group_leave_cluster.cpp", "statement",
          "if (const auto observer = observer_in(*joining, group)) joining->erase(*observer);", ""),
    Plant("a joiner whose observer dies is not told", COMMANDS + "group_leave_cluster.cpp", "statement",
          "r.react(AbortJoinCluster{r.self.group});", ""),
    Plant("the ring is not closed over a group that leaves", COMMANDS + "group_leave_cluster.cpp", "statement",
          "ring.pairs[*observer] = next;", "ring.pairs.erase(*observer);"),
    Plant("of two groups the one that stays watches itself", COMMANDS + "group_leave_cluster.cpp", "statement",
          "ring.pairs.clear();", "ring.pairs[*observer] = next;"),
    Plant("a group that was declared dead goes on", COMMANDS + "group_leave_cluster.cpp", "statement",
          "r.perform(RestartGroup{});", ""),
    Plant("peers of a group that left are taken in", COMMANDS + "add_virtual_peers.cpp", "expression",
          "a.replica.membership->left.contains(command.group)", "false"),
    Plant("a joiner that was declared dead before it asked waits for ever", COMMANDS + "prepare_join_cluster.cpp",
          "expression", "command.joiner == r.self.group && r.now.membership->left.contains(command.joiner)", "false"),
    Plant("a joiner that finds nobody free does not try again", COMMANDS + "prepare_join_cluster.cpp", "statement",
          "r.react(AbortJoinCluster{command.joiner});", ""),
    Plant("nobody looks whether those that are busy are dead", COMMANDS + "prepare_join_cluster.cpp", "expression",
          "!prepared->busy.empty()", "false"),
    Plant("nobody watches its successor", "daemon/replica/queries.cpp", "statement",
          "if (const auto it = ring.pairs.find(group); it != ring.pairs.end()) watched.insert(it->second);", ""),
    Plant("a joiner does not watch its observer", "daemon/replica/queries.cpp", "statement",
          "if (joiner == group) watched.insert(observer);", ""),
    Plant("an observer does not watch its joiner", "daemon/replica/queries.cpp", "statement",
          "if (observer == group) watched.insert(joiner);", ""),
    Plant("nobody watches a group between two attempts to join", "daemon/replica/queries.cpp", "statement",
          "watch_outsiders(replica, group, watched);", ""),
    Plant("a watch stays bound to the entry that set it", "daemon/coordination/transition.cpp", "expression",
          "watched != self.watching", "watched != self.watching && rejected == nullptr && entry.position % 2 == 0"),

    # --- peers and tasks ---
    Plant("an evicted peer does not come back", COMMANDS + "leave_cluster.cpp", "expression",
          "left != nullptr && left->group == r.self.group", "false"),
    Plant("every group brings back a peer that one of them lost", COMMANDS + "leave_cluster.cpp", "expression",
          "left != nullptr && left->group == r.self.group", "left != nullptr"),
    Plant(":kill is not enforced when a peer leaves", COMMANDS + "leave_cluster.cpp", "statement",
          "kill_by_flux(a, command.peer);", ""),
    Plant(":kill is not enforced when a whole group leaves", COMMANDS + "group_leave_cluster.cpp", "statement",
          "for (const PeerId& peer : left.peers) kill_by_flux(a, peer);", ""),
    Plant("a peer that stays does not learn of the new allocation", "daemon/coordination/task_switch.cpp", "statement",
          "out.push_back({peer, place->job, place->task, place->slot, job->second->after});", ""),
    Plant("a deposed coordinator is not stopped", "daemon/coordination/task_switch.cpp", "expression",
          "!before || before == job.coordinator_after || !is_mine(*before)", "true"),

    # --- jobs ---
    Plant("a coordinator of an old allocation completes the job", COMMANDS + "complete_job.cpp", "expression",
          "refuse_unless_live(a.replica, command.job, command.version)",
          "refuse_unless_live(a.replica, command.job, std::nullopt)"),
    Plant("a task of an old allocation restarts the job", COMMANDS + "restart_job.cpp", "expression",
          "refuse_unless_live(a.replica, command.job, command.version)",
          "refuse_unless_live(a.replica, command.job, std::nullopt)"),
    Plant("a task of an old allocation kills the job", COMMANDS + "kill_job.cpp", "expression",
          "refuse_unless_live(a.replica, command.job, command.version)",
          "refuse_unless_live(a.replica, command.job, std::nullopt)"),
    Plant("whatever speaks of an old allocation counts", "daemon/coordination/end_job.cpp", "expression",
          "version && *version != job->version", "false"),
    Plant("a collected job is forgotten at once", COMMANDS + "gc.cpp", "statement",
          "a.replica.finished.edit(job)->spec = nullptr;", "a.replica.finished.erase(job);"),

    # --- scheduling ---
    Plant("a :kill task is not pinned", "daemon/scheduling/problem.cpp", "expression",
          "task.spec->flux == FluxPolicy::kill && task.current > 0", "false"),
    Plant("a :kill task that gave up its pin gains peers", "daemon/scheduling/problem.cpp", "statement",
          "if (gains_nothing) task.max = std::min(task.max, task.current);", ""),
    Plant("a :recover task gains peers beyond its number", "daemon/scheduling/problem.cpp", "statement",
          "if (task.spec->flux == FluxPolicy::recover) task.max = std::min(task.max, task.min);", ""),
    Plant("a colocated job that cannot run holds its peers", "daemon/scheduling/reallocate.cpp", "statement",
          "chunks = std::min(chunks, task.spec->max_peers.value_or(kNoLimit));", ""),
    Plant("a restart keeps the version", "daemon/scheduling/coordinators.cpp", "expression",
          "before.restarted || before.moved", "before.moved"),
    Plant("a job keeps a coordinator that has left", "daemon/scheduling/seating.cpp", "expression",
          "has_left && job.now != nullptr && job.now->coordinator == id", "false"),
    Plant("a version is one behind", "daemon/scheduling/coordinators.cpp", "statement",
          "job.version = position;", "job.version = position - 1;"),
    Plant("slots are left with holes", "daemon/scheduling/reallocate.cpp", "statement",
          "close_holes(replica, delta);", ""),
    Plant("a job that falls below a minimum keeps its peers", "daemon/scheduling/placement/with_moves.cpp", "expression",
          "placement.counts[job.first_task + i] < problem_.tasks[job.first_task + i].min", "false"),
    Plant("tags are not looked at when an idle peer is taken", "daemon/scheduling/placement/hand.cpp", "expression",
          "!problem_.may_run(pool, requirement)", "false"),
    Plant("one peer too many is handed out", "daemon/scheduling/water_fill.cpp", "expression",
          "vessel.level == level && vessel.level < vessel.capacity", "vessel.level == level"),
    Plant("the lowest percentages come first", "daemon/scheduling/job_schedulers/percentage.cpp", "expression",
          "percentage(*a) > percentage(*b)", "percentage(*a) < percentage(*b)"),
    Plant("a percentage task at its minimum keeps what another leaves from it",
          "daemon/scheduling/task_schedulers/percentage.cpp", "expression",
          "taken >= 0 && open.is_below_min(*task)", "open.is_below_min(*task)"),
    Plant("whoever comes to a task moves another from its slot", "daemon/scheduling/seating.cpp", "statement",
          "if (hole_ == seats.size()) { seats.push_back(peer.id); } else { seats[hole_] = peer.id; }"
          " peer.seat = Peer::Seat{job, task, static_cast<SlotId>(hole_)};",
          "if (hole_ < seats.size() || seats.empty()) {"
          "  if (hole_ == seats.size()) { seats.push_back(peer.id); } else { seats[hole_] = peer.id; }"
          "  peer.seat = Peer::Seat{job, task, static_cast<SlotId>(hole_)};"
          "} else {"
          "  const PeerId moved = seats.front(); seats.push_back(moved); seats.front() = peer.id;"
          "  peer.seat = Peer::Seat{job, task, 0};"
          "  replica_.peers.edit(moved)->seat->slot = static_cast<SlotId>(hole_); }"),
    Plant("one peer more than has to leaves a task that shrinks", "daemon/scheduling/placement/from_idle.cpp", "expression",
          "seats.begin() + plan", "seats.begin() + (plan > 0 ? plan - 1 : 0)"),
    Plant("a job counts as settled after its peers were changed", "daemon/scheduling/standings.cpp", "statement",
          "place->settled = -1;", ""),
    Plant("the bounds of a job do not follow its pinned peers", "daemon/scheduling/standings.cpp", "expression",
          "task.flux == FluxPolicy::kill", "false"),

    # --- bookkeeping ---
    Plant("a peer that leaves stays in its group's index", "daemon/coordination/join_ring.cpp", "statement",
          "std::erase(group->peers, id);", ""),
    Plant("a job that has ended stays in the index of live ones", "daemon/coordination/end_job.cpp", "statement",
          "a.replica.job_index.erase(JobId(id));", ""),
    Plant("an origin forgets who has left", "daemon/replica/replica_edn.cpp", "statement",
          'ring.left = numbers("left");', 'numbers("left");'),
    Plant("a group that has joined asks again and again", COMMANDS + "prepare_join_cluster.cpp", "statement",
          "if (prepared == nullptr) return;",
          "if (prepared == nullptr) { if (command.joiner == r.self.group) r.perform(AppendAfterBackOff{"
          "{PrepareJoinCluster{command.joiner, std::nullopt}, {}, {}}, 6}); return; }"),
    Plant("a long reason is written as it is", "daemon/coordination/entry_edn.cpp", "expression",
          "text.size() <= kFreeTextBytesMax", "true"),
]
