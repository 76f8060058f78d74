// SPDX-License-Identifier: Apache-2.0
#include "group/local/member.hpp"

#include <tuple>

namespace storemark::local_group {
namespace {

/// What a message takes beside its bytes.
constexpr std::size_t overhead = 96;
/// A hub has no more than its window open, and what came with its last message and views; one that
/// sends more is none.
constexpr std::size_t most_pending = Hub::window_bytes + (std::size_t{1} << 20) +
                                     max_message_bytes + max_nodes * (std::size_t{32} << 10);

std::size_t cost_of(const Item& item) { return item.body.size() + overhead; }

}  // namespace

Member::Member(std::string name, std::size_t queue_bytes, std::function<std::uint64_t()> new_node)
    : name_(std::move(name)),
      queue_bytes_(queue_bytes),
      new_node_(std::move(new_node)),
      node_(new_node_()) {}

Hello Member::hello() const {
  Hello out;
  out.node = node_;
  out.name = name_;
  if (!survives()) return out;
  out.group = group_;
  out.term = term_;
  out.received = received_;
  out.view = view_;
  out.view_number = view_number_;
  return out;
}

void Member::connected() {
  out_.clear();
  synced_ = false;
  out_.push(share(encode_hello(hello())));
}

void Member::disconnected() {
  out_.clear();
  synced_ = false;
  if (stage_ == Stage::outside && !survives()) begin_anew();
}

/// Only where nothing was delivered: another node then, for the old number may be remembered.
void Member::begin_anew() {
  synced_ = false;
  node_ = new_node_();
  group_ = {};
  term_ = 0;
  received_ = {};
  committed_ = 0;
  view_ = {};
  view_number_ = 0;
  pending_.clear();
  pending_cost_ = 0;
}

void Member::lose(Refused why) {
  if (stage_ == Stage::left || stage_ == Stage::lost) return;
  // Having received the view without it, one that leaves has what it wanted.
  const bool has_left = leaving_ && survives() && !is_in(view_, node_);
  stage_ = has_left ? Stage::left : Stage::lost;
  why_ = std::move(why);
}

bool Member::is_left_behind(const Mark& mark) {
  const auto known = std::tuple(term_, view_number_);
  const bool same = mark.group == group_;
  if (same && known >= std::tuple(mark.view_term, mark.view_number)) return false;
  return refused({Refusal::outsider, "the group went on without this node"});
}

bool Member::frame(const Frame& frame) {
  const auto with = [](auto decoded, auto&& act) { return decoded && act(std::move(*decoded)); };
  switch (frame.type) {
    case FrameType::sync:
      return with(decode_sync(frame.body), [&](const Sync& said) { return sync(said); });
    case FrameType::item:
      return with(decode_item(frame.body), [&](Item said) { return item(std::move(said)); });
    case FrameType::commit:
      return with(decode_commit(frame.body), [&](const Point& said) { return commit(said); });
    case FrameType::request:
      return with(decode_request(frame.body), [&](std::uint64_t said) { return request(said); });
    case FrameType::refused:
      return with(decode_refused(frame.body),
                  [&](Refused said) { return refused(std::move(said)); });
    default:
      return false;
  }
}

bool Member::sync(const Sync& sync) {
  if (synced_ || sync.term < term_) return false;
  if (survives()) {
    if (sync.group != group_ || sync.base != received_) return false;
  } else {
    group_ = sync.group;
    received_ = sync.base;
    committed_ = sync.base.number;
  }
  term_ = sync.term;
  synced_ = true;
  for (const Sent& sent : unseen_) out_.push(sent.frame);
  if (leaving_) out_.push(share(encode_leave()));
  return true;
}

bool Member::item(Item item) {
  if (group_.is_nil() || item.number() != received_.number + 1) return false;
  if (item.is_view() ? !take_view(item) : (view_number_ == 0 || !see_own(item))) return false;
  const std::uint64_t before = received_.chain;
  received_ = {item.number(), chained(before, item.body)};
  pending_cost_ += cost_of(item);
  pending_.push_back({std::move(item), before});
  return pending_cost_ <= most_pending;
}

bool Member::take_view(const Item& item) {
  auto view = decode_view(item.rest());
  if (!view || (!survives() && !is_in(*view, node_))) return false;
  view_ = std::move(*view);
  view_number_ = item.number();
  return true;
}

/// What came back was ordered, and is never sent again.
bool Member::see_own(const Item& item) {
  if (item.from() != node_) return true;
  if (unseen_.empty() || unseen_.front().count != item.count()) return false;
  unseen_cost_ -= unseen_.front().frame->size() + overhead;
  unseen_.pop_front();
  return true;
}

bool Member::commit(const Point& point) {
  if (!synced_ || point.number > received_.number) return false;
  const auto after = [&](std::size_t i) {
    return i + 1 < pending_.size() ? pending_[i + 1].chain_before : received_.chain;
  };
  while (!pending_.empty() && pending_.front().item.number() <= point.number) {
    const bool last = pending_.front().item.number() == point.number;
    if (last && after(0) != point.chain) return false;  // the hub's course is not ours
    Item item = std::move(pending_.front().item);
    pending_.pop_front();
    pending_cost_ -= cost_of(item);
    committed_ = item.number();
    if (!deliver(std::move(item))) return false;
  }
  return true;
}

bool Member::deliver(Item item) {
  if (stage_ == Stage::left) return true;
  if (item.is_view()) {
    const auto view = decode_view(item.rest());
    if (!view) return false;
    const bool here = is_in(*view, node_);
    if (!here && !leaving_) return false;
    if (!here) {
      stage_ = Stage::left;
      return true;
    }
    if (stage_ == Stage::outside) stage_ = Stage::in;
  }
  if (leaving_) return true;
  inbox_cost_ += cost_of(item);
  inbox_.push_back(std::move(item));
  return true;
}

bool Member::request(std::uint64_t first) {
  if (synced_ || !survives() || pending_.empty()) return false;
  const std::uint64_t oldest = pending_.front().item.number();
  if (first < oldest || first > received_.number) return false;
  for (std::size_t i = first - oldest; i < pending_.size(); ++i) {
    out_.push(share(encode_held(pending_[i].chain_before, pending_[i].item)));
  }
  return true;
}

bool Member::refused(Refused refused) {
  if (refused.refusal == Refusal::outsider && stage_ == Stage::outside) {
    begin_anew();
  } else {
    lose(std::move(refused));
  }
  return true;
}

bool Member::offer(ByteView message) {
  const std::size_t cost = head_bytes + sizeof count_ + message.size() + overhead;
  if (unseen_cost_ != 0 && unseen_cost_ + cost > queue_bytes_) {
    wants_room_ = true;
    return false;
  }
  unseen_.push_back({count_ + 1, share(encode_data(count_ + 1, message))});
  ++count_;
  unseen_cost_ += cost;
  if (synced_) out_.push(unseen_.back().frame);
  return true;
}

bool Member::room_again() {
  if (!wants_room_ || unseen_cost_ > queue_bytes_ / 2) return false;
  wants_room_ = false;
  return true;
}

void Member::leave() {
  leaving_ = true;
  inbox_.clear();
  inbox_cost_ = 0;
  if (synced_) out_.push(share(encode_leave()));
}

std::optional<Item> Member::take() {
  if (inbox_.empty()) return std::nullopt;
  Item item = std::move(inbox_.front());
  inbox_.pop_front();
  inbox_cost_ -= cost_of(item);
  return item;
}

}  // namespace storemark::local_group
