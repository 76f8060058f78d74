// SPDX-License-Identifier: Apache-2.0
#include "support/loopback_group.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <set>

namespace storemark::test {
namespace {

struct Item {
  std::optional<GroupView> view;
  GroupNode from;
  std::vector<std::uint8_t> message;
};

/// One node as the hub keeps it. All under the hub's mutex but for `event`.
struct Place {
  GroupNode self;
  std::string name;
  unsigned part = 0;
  bool gone = false;
  bool refused = false;  // it waits for room
  std::deque<Item> queue;
  std::size_t queued_bytes = 0;
  int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

  ~Place() { ::close(event); }
  void ring() const {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(event, &one, sizeof one));
  }
  void hush() const {
    std::uint64_t times = 0;
    static_cast<void>(!::read(event, &times, sizeof times));
  }
};

Error lost() {
  return {Errc::group_lost, "the group is gone", "loopback", "a test took it away", "join again"};
}

}  // namespace

struct LoopbackHub::State {
  std::mutex mutex;
  std::size_t queue_bytes = 0;
  std::uint64_t last_node = 0;
  unsigned last_part = 0;
  std::size_t votes = 0;
  bool held = false;
  std::vector<std::shared_ptr<Place>> places;

  /// A new membership for this part, after everything that was sent in the old one.
  void make_view(unsigned part) {
    GroupView view;
    view.id = new_uuid();
    for (const auto& place : places) {
      if (place->part != part) continue;
      view.nodes.push_back(place->self);
      view.names.push_back(place->name);
    }
    if (votes != 0) view.quorum = 2 * view.nodes.size() > votes ? Quorum::yes : Quorum::no;
    for (const auto& place : places) {
      if (place->part != part) continue;
      place->queue.push_back({view, {}, {}});
      place->ring();
    }
  }
  void remove(const std::shared_ptr<Place>& place) {
    if (place->gone) return;
    place->gone = true;
    place->queue.clear();
    place->ring();
    std::erase(places, place);
    make_view(place->part);
    give_room();
  }
  [[nodiscard]] bool has_room(unsigned part) const {
    return !held && std::ranges::none_of(places, [&](const auto& place) {
      return place->part == part && place->queued_bytes >= queue_bytes;
    });
  }
  void give_room() {
    for (const auto& place : places) {
      if (!place->refused || !has_room(place->part)) continue;
      place->refused = false;
      place->ring();
    }
  }
  [[nodiscard]] std::shared_ptr<Place> find(const std::string& name) const {
    const auto found = std::find_if(places.rbegin(), places.rend(),
                                    [&](const auto& place) { return place->name == name; });
    return found == places.rend() ? nullptr : *found;
  }
};

namespace {

class LoopbackGroup final : public Group {
 public:
  LoopbackGroup(std::shared_ptr<LoopbackHub::State> hub, std::shared_ptr<Place> place)
      : hub_(std::move(hub)), place_(std::move(place)) {}
  ~LoopbackGroup() override {
    const std::lock_guard lock(hub_->mutex);
    hub_->remove(place_);
  }

  [[nodiscard]] GroupNode self() const noexcept override { return place_->self; }
  [[nodiscard]] std::size_t max_message() const noexcept override { return (1U << 20U) + 4096; }
  [[nodiscard]] int descriptor() const noexcept override { return place_->event; }

  Result<bool> multicast(std::span<const std::uint8_t> message) override {
    const std::lock_guard lock(hub_->mutex);
    if (place_->gone) return tl::unexpected(lost());
    if (!hub_->has_room(place_->part)) {
      place_->refused = true;
      return false;
    }
    for (const auto& place : hub_->places) {
      if (place->part != place_->part) continue;
      place->queue.push_back({std::nullopt, place_->self, {message.begin(), message.end()}});
      place->queued_bytes += message.size();
      place->ring();
    }
    return true;
  }

  Result<std::size_t> dispatch(GroupListener& listener, std::size_t limit) override {
    std::size_t count = 0;
    for (; count < limit; ++count) {
      auto item = next();
      if (!item) return tl::unexpected(item.error());
      if (!*item) break;
      if ((*item)->view) {
        listener.view_changed(*(*item)->view);
      } else {
        listener.delivered((*item)->from, (*item)->message);
      }
    }
    return count;
  }

  Result<void> leave(int /*patience_ms*/) override {
    const std::lock_guard lock(hub_->mutex);
    if (place_->gone) return tl::unexpected(lost());
    hub_->remove(place_);
    return {};
  }

 private:
  Result<std::optional<Item>> next() {
    const std::lock_guard lock(hub_->mutex);
    if (place_->gone) return tl::unexpected(lost());
    if (place_->queue.empty()) {
      place_->hush();
      return std::optional<Item>();
    }
    std::optional<Item> out(std::move(place_->queue.front()));
    place_->queue.pop_front();
    place_->queued_bytes -= out->message.size();
    hub_->give_room();
    return out;
  }

  std::shared_ptr<LoopbackHub::State> hub_;
  std::shared_ptr<Place> place_;
};

}  // namespace

LoopbackHub::LoopbackHub(std::size_t queue_bytes) : state_(std::make_shared<State>()) {
  state_->queue_bytes = queue_bytes;
}
LoopbackHub::~LoopbackHub() = default;

std::unique_ptr<Group> LoopbackHub::join(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  auto place = std::make_shared<Place>();
  place->self = {++state_->last_node};
  place->name = name;
  if (!state_->places.empty()) place->part = state_->places.front()->part;
  state_->places.push_back(place);
  state_->make_view(place->part);
  return std::make_unique<LoopbackGroup>(state_, place);
}

void LoopbackHub::lose(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  if (const auto place = state_->find(name)) state_->remove(place);
}

void LoopbackHub::split_off(const std::vector<std::string>& names) {
  const std::lock_guard lock(state_->mutex);
  const unsigned before = state_->places.empty() ? 0 : state_->places.front()->part;
  const unsigned part = ++state_->last_part;
  for (const std::string& name : names) {
    if (const auto place = state_->find(name)) place->part = part;
  }
  state_->make_view(before);
  state_->make_view(part);
  state_->give_room();
}

void LoopbackHub::slip(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  if (const auto place = state_->find(name)) place->part = ++state_->last_part;
}

void LoopbackHub::configure_votes(std::size_t votes) {
  const std::lock_guard lock(state_->mutex);
  state_->votes = votes;
}

void LoopbackHub::heal() {
  const std::lock_guard lock(state_->mutex);
  const unsigned part = ++state_->last_part;
  for (const auto& place : state_->places) place->part = part;
  state_->make_view(part);
}

std::size_t LoopbackHub::heard_of(const std::string& name) const {
  const std::lock_guard lock(state_->mutex);
  std::set<std::uint64_t> senders;
  const auto place = state_->find(name);
  if (!place) return 0;
  for (const Item& item : place->queue) {
    if (item.view) {
      senders.clear();
    } else {
      senders.insert(item.from.value);
    }
  }
  return senders.size();
}

void LoopbackHub::hold() {
  const std::lock_guard lock(state_->mutex);
  state_->held = true;
}

void LoopbackHub::let_go() {
  const std::lock_guard lock(state_->mutex);
  state_->held = false;
  state_->give_room();
}

}  // namespace storemark::test
