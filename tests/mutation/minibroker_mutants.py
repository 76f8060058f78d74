# SPDX-License-Identifier: Apache-2.0
"""The guards of the example broker: people will copy it."""

from mutant import Mutant

PARTS = ("minibroker_parts_test",)
CLUSTER = ("minibroker_cluster_test",)
SERVER = "examples/minibroker/server.cpp"
CLIENT = "examples/minibroker/client.hpp"
STORE = "examples/minibroker/queue_store.cpp"
BROKER = "examples/minibroker/broker.cpp"
GIVER = "examples/minibroker/update_giver.cpp"
TAKER = "examples/minibroker/update_taker.cpp"

MINIBROKER = (
    Mutant("a changed copy is no store", TAKER, "if (hash != hasher.hash()) throw", "if (false) throw",
           PARTS),
    Mutant("a length that makes no sense is refused", TAKER,
           "if (size > buffer.size() || done + size > QueueStore::map_bytes) {",
           "if (done + size > QueueStore::map_bytes) {", PARTS),
    Mutant("a cancelled copy ends", TAKER, "if (progress_.cancelled()) throw", "if (false) throw", PARTS),
    Mutant("a joiner that takes nothing is cut", GIVER, "if (waited >= limits_.patience) throw",
           "if (false) throw", PARTS),
    Mutant("a store that grows under a copy cuts it", GIVER,
           "if (store_.size() > size_ + limits_.growth_bytes) {", "if (false) {", PARTS),
    Mutant("a ticket is good for one copy", GIVER,
           "found == givings_.end() || found->second->thread.joinable()", "found == givings_.end()",
           PARTS),
    Mutant("events come one by one", STORE, "if (n != next_.sequence + 1) {",
           "if (n < next_.sequence) {", PARTS),
    Mutant("what goes is taken out of the digest", STORE, "take_out(next_, {queue, id",
           "if (id == 0) take_out(next_, {queue, id", PARTS),
    Mutant("a client that reads nothing is read no more", CLIENT,
           "waiting_.size() < max_waiting && output_.size() + waiting_bytes_ < max_output",
           "waiting_.size() < max_waiting", PARTS),
    Mutant("unanswered requests are bounded", CLIENT,
           "return waiting_.size() < max_waiting && output_", "return output_", PARTS),
    Mutant("a message is lent to one", SERVER,
           "if (!leased_.try_emplace(message.id, number).second) return true;",
           "leased_.try_emplace(message.id, number);", PARTS),
    Mutant("who looks sees what he published", SERVER,
           "!may_overtake(command)) break;", "!may_overtake(command) && false) break;", PARTS),
    Mutant("a shutdown that did not happen is not acknowledged", SERVER,
           "|| !why.empty()) continue;", "|| (!why.empty() && false)) continue;", PARTS),
    Mutant("a cluster goes on only from messages that were read", BROKER,
           "if (store_->counted() != store_->head()) {", "if (false) {", CLUSTER),
    Mutant("an operator's mark raises the store", BROKER,
           "store_->raise_sequence(sequence);  //",
           "store_->raise_sequence(std::min(sequence, store_->head().sequence));  //", CLUSTER),
    Mutant("the old store is kept", BROKER, "const bool nothing = !store_ || store_->head() == Head{};",
           "const bool nothing = true;", CLUSTER),
    Mutant("a sender whose broker has gone says so", "examples/minibroker/send.cpp",
           "there = sender.listen(Clock::now(), 1) && there;",
           "there = sender.listen(Clock::now(), 1);", CLUSTER),
)
