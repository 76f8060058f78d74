// SPDX-License-Identifier: Apache-2.0
#include "broker.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <exception>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "change.hpp"
#include "notify.hpp"
#include "update.hpp"

namespace minibroker {
namespace {

using storemark::Result;
using storemark::Status;
using storemark::StoreContent;
using storemark::StoreTag;

/// What `work` returns, or an error that says what it threw: no call of the driver may throw.
template <class Work>
auto attempt(const char* what, Work work) -> Result<std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      return work(), Result<void>();
    } else {
      return work();
    }
  } catch (const std::exception& error) {
    return tl::unexpected(storemark::Error{storemark::Errc::broker_failed, what, "queues",
                                           error.what(), "see to the cause and start it again"});
  }
}

/// Equal tags, equal stores: all messages, and how far it has counted.
StoreTag tag_of(const Head& head) {
  static_assert(sizeof head == storemark::max_tag_bytes);
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&head);
  return {{bytes, bytes + sizeof head}};
}

std::string text_of(const Status& status) {
  if (status.phase != storemark::MemberPhase::updating || status.update_total == 0) {
    return status.text;
  }
  return fmt::format("{}: {} of {} KiB", status.text, status.update_done / 1024,
                     status.update_total / 1024);
}

}  // namespace

MiniBroker::MiniBroker(std::filesystem::path directory, Access access, Answers& answers, Say say)
    : directory_(std::move(directory)), access_(access), answers_(answers), say_(std::move(say)) {}

std::shared_ptr<const QueueStore> MiniBroker::store() const {
  const std::lock_guard lock(mutex_);
  return store_;
}

Head MiniBroker::head() const {
  const auto now = store();
  return now ? now->head() : Head{};
}

void MiniBroker::put(std::shared_ptr<QueueStore> store) {
  const std::lock_guard lock(mutex_);
  std::swap(store_, store);
}

Result<storemark::StoreFacts> MiniBroker::look() {
  return attempt("the store cannot be opened", [&] {
    // No store is an empty one: nothing is made before the cluster has decided.
    if (QueueStore::exists(directory_)) open_store();
    const Head found = head();
    const bool nothing = found == Head{};
    return storemark::StoreFacts{nothing ? StoreContent::holds_nothing : StoreContent::holds_data,
                                 tag_of(found), found.sequence};
  });
}

Result<void> MiniBroker::restore(storemark::UpdateProgress& progress) {
  return attempt("the store cannot be the cluster's", [&] {
    // Marked by an operator while it held nothing: the others copy that.
    if (!store_) open_store();
    // What the whole cluster is to go on from is worth reading once.
    if (store_->counted([&] { return !progress.cancelled(); }) == head()) return;
    throw std::runtime_error(progress.cancelled() ? "it is not wanted any more"
                                                  : "its messages are not those that it took in");
  });
}

Result<void> MiniBroker::discard() {
  return attempt("the store cannot be moved aside", [&] {
    const bool nothing = head() == Head{};
    put(nullptr);
    if (nothing) {
      std::filesystem::remove_all(directory_ / QueueStore::subdirectory);
    } else if (access_ == Access::durable) {
      say_("the old store is kept in " + move_aside(directory_).filename().string());
    }
  });
}

Result<std::uint64_t> MiniBroker::take_update(const storemark::UpdateTicket& donor,
                                              storemark::UpdateProgress& progress) {
  return attempt("no update was taken", [&] {
    take_copy(directory_, donor, progress);
    open_store();
    const Head taken = head();
    say_(fmt::format("updated from {}: {} messages, sequence {}", donor.label, taken.messages,
                     taken.sequence));
    return taken.sequence;
  });
}

Result<void> MiniBroker::give_update(const storemark::UpdateTicket& joiner) {
  return attempt("no update can be given", [&] {
    store_->commit();  // the copy is of a commit: it must not be older than now
    say_("gives an update to " + joiner.label);
    const std::lock_guard lock(mutex_);
    tickets_[joiner.number] = store_;
  });
}

void MiniBroker::end_giving(const storemark::Uuid& ticket) {
  const std::lock_guard lock(mutex_);
  tickets_.erase(ticket);
}

Result<void> MiniBroker::activated(std::uint64_t sequence) {
  return attempt("the store cannot be gone on with", [&] {
    if (!store_) open_store();
    store_->raise_sequence(sequence);  // above its own after an operator's mark
    store_->commit();
  });
}

Result<void> MiniBroker::apply(std::uint64_t n, std::span<const std::uint8_t> event) {
  return attempt("an event cannot be applied", [&] {
    const auto change = parse_change({reinterpret_cast<const char*>(event.data()), event.size()});
    // To pass over it would be to differ from members that understand it.
    if (!change) throw std::runtime_error("no event that this version knows: " + change.error());
    if (change->id == 0) {
      store_->publish(n, change->queue, change->text);
    } else {
      store_->acknowledge(n, change->id);
    }
  });
}

Result<void> MiniBroker::sync() {
  return attempt("the store cannot be synced", [&] {
    if (store_) store_->commit();
  });
}

std::optional<StoreTag> MiniBroker::tag() {
  const auto found = attempt("the store has no tag", [&] { return head(); });
  return found ? std::optional(tag_of(*found)) : std::nullopt;
}

void MiniBroker::status(const Status& status) {
  const bool heard = status.ready && status.text == status_.text && status.notes == status_.notes;
  {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }
  if (heard) return;
  notify(status);
  say_(text_of(status));
  for (const std::string& note : status.notes) say_("  " + note);
}

void MiniBroker::stopped(const storemark::Stopped&) {
  if (store_) store_->abandon();  // nothing, unless it failed; by the thread that began it
}

bool MiniBroker::give(const storemark::Uuid& ticket, Stream& joiner) {
  std::shared_ptr<const QueueStore> store;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = tickets_.find(ticket); found != tickets_.end()) {
      std::swap(store, found->second);
    }
  }
  const auto wanted = [&] {
    const std::lock_guard lock(mutex_);
    return tickets_.contains(ticket);
  };
  try {
    if (store) send_copy(*store, joiner, wanted);
  } catch (const std::exception& error) {
    say_(fmt::format("an update that was given is cut: {}", error.what()));
    joiner.shut_down(SHUT_RDWR);
  }
  joiner.set_idle(nullptr);  // what it was told is gone
  return store != nullptr;
}

std::string MiniBroker::describe() const {
  const Head now = head();
  const std::lock_guard lock(mutex_);
  return fmt::format("{} sequence {} messages {} {}", to_string(status_.phase), now.sequence,
                     now.messages, text_of(status_));
}

}  // namespace minibroker
