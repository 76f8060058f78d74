// SPDX-License-Identifier: Apache-2.0
#include "broker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "event.hpp"
#include "must.hpp"
#include "update_taker.hpp"

namespace minibroker {
namespace {

using storemark::MemberPhase;
using storemark::Status;
using storemark::StoreContent;
using storemark::StoreTag;

/// Equal tags, equal stores: all messages, and how far it has counted.
StoreTag tag_of(const Head& head) {
  StoreTag tag;
  for (const std::uint64_t part : {head.digest.high, head.digest.low, head.sequence}) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      tag.bytes.push_back(static_cast<std::uint8_t>(part >> shift & 0xFF));
    }
  }
  return tag;
}

std::string progress_of(const Status& status) {
  if (status.phase != MemberPhase::updating || status.update_total == 0) return "";
  return fmt::format(": {} of {} KiB", status.update_done / 1024, status.update_total / 1024);
}

}  // namespace

template <class Work>
auto MiniBroker::attempt(const char* what, Work&& work) {
  return guarded(what, directory_.string(), std::forward<Work>(work));
}

MiniBroker::MiniBroker(std::filesystem::path directory, Access access, Server& server, Say say)
    : directory_(std::move(directory)),
      access_(access),
      server_(server),
      say_(std::move(say)),
      giver_([this](const std::string& text) { say_(text); }) {}

std::shared_ptr<const QueueStore> MiniBroker::store() const {
  const std::lock_guard lock(mutex_);
  return store_;
}

void MiniBroker::put(std::shared_ptr<QueueStore> store) {
  const std::lock_guard lock(mutex_);
  std::swap(store_, store);
}

storemark::Result<storemark::StoreFacts> MiniBroker::look() {
  return attempt("the store cannot be opened", [&] {
    // No store is an empty one: nothing is made before the cluster has decided.
    if (QueueStore::exists(directory_)) open_store();
    const Head head = store_ ? store_->head() : Head{};
    const bool nothing = head == Head{};
    return storemark::StoreFacts{nothing ? StoreContent::holds_nothing : StoreContent::holds_data,
                                 tag_of(head), head.sequence};
  });
}

storemark::Result<void> MiniBroker::restore() {
  return attempt("the store cannot be the cluster's", [&] {
    // Marked by an operator while it held nothing: the others copy that.
    if (!store_) open_store();
    // What the whole cluster is to go on from is worth reading once.
    if (store_->counted() != store_->head()) {
      throw std::runtime_error("its messages are not those that it took in");
    }
  });
}

storemark::Result<void> MiniBroker::discard() {
  return attempt("the store cannot be moved aside", [&] {
    const bool nothing = !store_ || store_->head() == Head{};
    put(nullptr);
    if (nothing) {
      std::filesystem::remove_all(directory_ / QueueStore::subdirectory);
    } else if (access_ == Access::durable) {
      say_("the old store is kept in " + move_aside(directory_).filename().string());
    }
  });
}

storemark::Result<std::uint64_t> MiniBroker::take_update(const storemark::UpdateTicket& donor,
                                                         storemark::UpdateProgress& progress) {
  return attempt("no update was taken", [&] {
    take_copy(directory_, donor, progress);
    open_store();
    const Head head = store_->head();
    say_(fmt::format("updated from {}: {} messages, sequence {}", donor.label, head.messages,
                     head.sequence));
    return head.sequence;
  });
}

storemark::Result<void> MiniBroker::give_update(const storemark::UpdateTicket& joiner) {
  return attempt("no update can be given", [&] {
    store_->commit();  // the copy is of a commit: it must not be older than now
    giver_.allow(joiner.number, store_);
    say_("gives an update to " + joiner.label);
  });
}

void MiniBroker::end_giving(const storemark::Uuid& ticket) { giver_.end(ticket); }

storemark::Result<void> MiniBroker::activated(std::uint64_t sequence) {
  return attempt("the store cannot be gone on with", [&] {
    if (!store_) open_store();
    store_->raise_sequence(sequence);  // above its own after an operator's mark
    store_->commit();
  });
}

storemark::Result<void> MiniBroker::apply(std::uint64_t n, std::span<const std::uint8_t> bytes) {
  return attempt("an event cannot be applied", [&] {
    const auto event = decode(bytes);
    // To pass over it would be to differ from members that understand it.
    if (!event) throw std::runtime_error("no event that this version knows");
    if (event->kind == Event::Kind::publish) {
      store_->publish(n, event->queue, event->text);
    } else {
      store_->acknowledge(n, event->id);
    }
  });
}

storemark::Result<void> MiniBroker::sync() {
  return attempt("the store cannot be synced", [&] {
    if (store_) store_->commit();
  });
}

std::optional<StoreTag> MiniBroker::tag() {
  const auto head = attempt("no tag", [&] { return store_->head(); });
  if (!head) return std::nullopt;
  return tag_of(*head);
}

void MiniBroker::confirmed(std::uint64_t token, std::uint64_t n) { server_.confirmed(token, n); }

void MiniBroker::room() { server_.room(); }

void MiniBroker::stepped_down() { server_.stepped_down(); }

void MiniBroker::status(const Status& status) {
  const auto now = std::chrono::steady_clock::now();
  const bool changed = status.text != status_.text || status.notes != status_.notes;
  {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }
  if (!changed && (status.ready || now - said_ < std::chrono::milliseconds(900))) return;
  said_ = now;
  say_(status.text + progress_of(status));
  for (const std::string& note : status.notes) say_("  " + note);
}

std::string MiniBroker::describe() const {
  Status status;
  {
    const std::lock_guard lock(mutex_);
    status = status_;
  }
  const auto store = this->store();
  const Head head = store ? store->head() : Head{};
  return fmt::format("{} sequence {} messages {} {}{}", to_string(status.phase), head.sequence,
                     head.messages, status.text, progress_of(status));
}

void MiniBroker::stopped(const storemark::Stopped& how) {
  if (store_) store_->abandon();  // nothing, unless it failed; by the thread that began it
  server_.ended(how.clean ? "" : how.error ? to_string(*how.error) : "left");
}

}  // namespace minibroker
