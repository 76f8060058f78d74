# SPDX-License-Identifier: Apache-2.0
"""The guards of the example broker: people will copy it."""

from mutant import Mutant

PARTS = ("minibroker_parts_test",)
CLUSTER = ("minibroker_cluster_test",)
SERVER = "examples/minibroker/server.cpp"
SOCKETS = "examples/minibroker/sockets.cpp"
STORE = "examples/minibroker/queue_store.cpp"
BROKER = "examples/minibroker/broker.cpp"
UPDATE = "examples/minibroker/update.cpp"
TCP = "examples/minibroker/tcp.cpp"

MINIBROKER = (
    Mutant("between hosts a ticket is all that is heard", SERVER,
           "callers_ == Callers::members ? serve_member(client) : serve_client(client);",
           "serve_client(client);", PARTS),
    Mutant("what was dropped was not done", "examples/minibroker/broker.hpp",
           "{ answers_.dropped(token); }", "{ answers_.confirmed(token, 1); }", PARTS),
    Mutant("a call that nobody answers is given up", TCP, "idle(waited += look_period)",
           "waited += look_period", PARTS),
    Mutant("a changed copy is no store", UPDATE,
           "if (XXH128_isEqual(sum, XXH3_128bits_digest(&hash)) == 0) {", "if (false) {", PARTS),
    Mutant("a length that makes no sense is refused", UPDATE,
           "if (size > chunk.size() || done + size > QueueStore::map_bytes) {",
           "if (done + size > QueueStore::map_bytes) {", PARTS),
    Mutant("a cancelled copy ends", UPDATE,
           'if (progress.cancelled()) throw std::runtime_error("the copy is of no use any more");\n'
           "      if (waited", "if (waited", PARTS),
    Mutant("a joiner that takes nothing is cut", UPDATE, "if (waited >= limits.patience) throw",
           "if (false) throw", PARTS),
    Mutant("a store that grows under a copy cuts it", UPDATE,
           "if (store.size() > size_before + limits.growth_bytes) {", "if (false) {", PARTS),
    Mutant("a ticket taken back cuts its copy", UPDATE, "if (!wanted()) throw", "if (false) throw",
           PARTS),
    Mutant("a ticket is good for one copy", BROKER, "std::swap(store, found->second);",
           "store = found->second;", PARTS),
    Mutant("events come one by one", STORE, "if (n != next_.sequence + 1) {",
           "if (n < next_.sequence) {", PARTS),
    Mutant("what goes is taken out of the digest", STORE, "tally(next_, {queue, id, view_of(text)}, -1)",
           "if (id == 0) tally(next_, {queue, id, view_of(text)}, -1)", PARTS),
    Mutant("a client that reads nothing is read no more", SOCKETS,
           "output_.size() > max_output ? 0 : MSG_DONTWAIT", "MSG_DONTWAIT", PARTS),
    Mutant("who does not read at once is heard still", SOCKETS,
           "output_.size() > max_output ? 0 : MSG_DONTWAIT", "0", PARTS),
    Mutant("unanswered requests are bounded", SERVER, "requests.size() < max_waiting &&", "", PARTS),
    Mutant("a line is bounded", SOCKETS, "(input_.size() > most && !skipping_)", "false", PARTS),
    Mutant("a message is lent to one", SERVER,
           "if (!lent_.try_emplace(message.id, &client).second) return true;",
           "lent_.try_emplace(message.id, &client);", PARTS),
    Mutant("who looks sees what he published", SERVER,
           "listening = give_answers(client, requests) && line;",
           "listening = ((line && !is_change) || give_answers(client, requests)) && line;", PARTS),
    Mutant("a shutdown that did not happen is not acknowledged", SERVER,
           "clean && waiting.is_shutdown", "waiting.is_shutdown", PARTS),
    Mutant("without descriptors it does not spin", SERVER,
           "changed_.wait_for(lock, retry_time, [&] { return ended_; });",
           "if (ended_) return;", PARTS),
    Mutant("a restore ends when the member leaves", BROKER, "[&] { return !progress.cancelled(); }",
           "[&] { return true; }", PARTS),
    Mutant("a cluster goes on only from messages that were read", BROKER,
           "if (store_->counted([&] { return !progress.cancelled(); }) == head()) return;", "return;",
           CLUSTER),
    Mutant("a member that waits for its group leaves", "examples/minibroker/main.cpp",
           ".name = name, .stop = stop}", ".name = name}", CLUSTER),
    Mutant("an operator's mark raises the store", BROKER,
           "store_->raise_sequence(sequence);  //",
           "store_->raise_sequence(std::min(sequence, store_->head().sequence));  //", CLUSTER),
    Mutant("the old store is kept", BROKER, "const bool nothing = head() == Head{};\n    put",
           "const bool nothing = true;\n    put", CLUSTER),
    Mutant("a client whose broker has gone says so", "examples/minibroker/client.cpp",
           "if (requests.eof() && answered == sent) return", "if (true) return", CLUSTER),
)
