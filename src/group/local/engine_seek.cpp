// SPDX-License-Identifier: Apache-2.0
// A node without a hub: it joins one that is there, else it tries to lead.
#include <unistd.h>

#include <cerrno>

#include "group/local/engine.hpp"
#include "group/local/errors.hpp"
#include "io/descriptor.hpp"

namespace storemark::local_group {

void Engine::give_up(Error error) {
  const std::string why = error.why;
  if (member_.stage() == Member::Stage::in) error = out_of_group(path_, why);
  error_ = std::move(error);
}

template <class T>
bool Engine::well(const io::IoResult<T>& result) {
  if (!result) give_up(not_joined(result.error(), path_));
  return result.has_value();
}

void Engine::seek() {
  ++tries_;
  drop_old_lock();
  if (connect() || error_) return;
  lead();
}

/// One that has delivered nothing is another node with every hub. It holds no lock until it has
/// one: two such would wait for each other.
void Engine::drop_old_lock() {
  if (held_node_ == 0 || held_node_ == member_.node()) return;
  place_->release(held_node_);
  held_node_ = 0;
}

bool Engine::connect() {
  auto socket = place_->connect();
  if (socket) {
    greet_hub(std::move(*socket));
    return true;
  }
  const int code = socket.error().code;
  const bool nobody = code == ECONNREFUSED || code == ENOENT || code == EAGAIN || code == EINTR;
  if (!nobody) static_cast<void>(well(socket));
  return false;
}

void Engine::greet_hub(OwnDescriptor socket) {
  const auto hub = peer_of(socket.get());
  if (!well(hub)) return;
  if (hub->user != ::geteuid()) {
    member_.lose({Refusal::not_welcome, "its hub, pid " + std::to_string(hub->process) +
                                            ", is user " + std::to_string(hub->user) + "'s"});
    return;
  }
  if (held_node_ == 0) {  // while it is held nobody goes on without this node
    const auto held = place_->hold(member_.node());
    if (!well(held)) return;
    if (!*held) return member_.disconnected();  // somebody drew the same number: another, then
    held_node_ = member_.node();
  }
  hub_process_ = hub->process;
  link_ = std::make_unique<Link>(std::move(socket));
  member_.connected();
  write_member();
}

void Engine::lead() {
  const auto led = place_->lead();
  if (!well(led) || !*led) return;
  const auto mark = place_->mark();
  if (well(mark) && may_lead(*mark)) begin_hub(*mark);
  if (!hub_) place_->lead_no_more();
}

bool Engine::may_lead(const Mark& mark) {
  const auto in_place = place_->is_in_place();
  if (!well(in_place)) return false;
  if (!*in_place) {
    give_up(not_joined(Errc::file_replaced, path_, "the lock file was removed or replaced",
                       "leave the directory alone while nodes run"));
    return false;
  }
  if (member_.survives()) return !member_.is_left_behind(mark);
  // Nodes of the group that was here live: one of them is to lead.
  const auto others = place_->others_live();
  return well(others) && !*others;
}

void Engine::begin_hub(Mark mark) {
  const bool founding = !member_.survives();
  if (founding) mark = {new_uuid(), 0, 0, 0};
  ++mark.term;
  // Before anybody hears of it: no two hubs have the same term.
  if (!place_->keep(mark)) {
    static_cast<void>(well(io::IoResult<void>(io::failed("write the mark"))));
    return;
  }
  auto listener = place_->listen();
  if (!well(listener)) return;
  hub_ = std::make_unique<HubServer>(*place_, std::move(*listener), member_.node(), mark, founding,
                                     notice_);
  tries_ = 0;
}

}  // namespace storemark::local_group
