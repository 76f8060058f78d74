// SPDX-License-Identifier: Apache-2.0
// The front of a group whose work is done by a thread of its own: who may call, what fits, and the
// handing over. What the thread talks to is its engine's affair.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <storemark/group.hpp>
#include <string>
#include <utility>

#include "io/process.hpp"

namespace storemark {

/// `Engine` has self(), descriptor(), multicast(), take() and leave(); `Arrival` is what it gives.
template <class Engine, class Arrival>
class ThreadedGroup : public Group {
 public:
  ~ThreadedGroup() override {
    // In a child the thread does not exist, and nothing of it may be waited for or closed.
    if (is_own()) return;
    alignas(std::shared_ptr<Engine>) std::array<std::byte, sizeof(std::shared_ptr<Engine>)>
        never_ends;
    std::construct_at(reinterpret_cast<std::shared_ptr<Engine>*>(never_ends.data()),
                      std::move(engine_));
  }

  [[nodiscard]] GroupNode self() const noexcept final { return self_; }
  [[nodiscard]] std::size_t max_message() const noexcept final { return max_message_; }
  [[nodiscard]] int descriptor() const noexcept final { return descriptor_; }

  [[nodiscard]] Result<bool> multicast(std::span<const std::uint8_t> message) final {
    if (!is_own()) return tl::unexpected(forked());
    if (message.size() > max_message_) {
      return tl::unexpected(Error{Errc::message_too_long, "the message was not sent", where_,
                                  std::to_string(message.size()) + " bytes, and " +
                                      std::to_string(max_message_) + " are the most",
                                  "send it in parts"});
    }
    return engine_->multicast(message);
  }

  [[nodiscard]] Result<std::size_t> dispatch(GroupListener& listener, std::size_t limit) final {
    if (!is_own()) return tl::unexpected(forked());
    if (limit == 0) return 0;
    if (taken_.size() < limit) {
      auto taken = engine_->take(taken_, limit);
      if (!taken && taken_.empty()) return tl::unexpected(taken.error());
    }
    std::size_t count = 0;
    for (; count < limit && !taken_.empty(); ++count) {
      const Arrival arrival = std::move(taken_.front());
      taken_.pop_front();
      hand(listener, arrival);
    }
    return count;
  }

  [[nodiscard]] Result<void> leave(int patience_ms) final {
    if (!is_own()) return tl::unexpected(forked());
    return engine_->leave(patience_ms);
  }

 protected:
  /// `where`: the group, for errors.
  ThreadedGroup(std::shared_ptr<Engine> engine, std::string where, std::size_t max_message)
      : engine_(std::move(engine)),
        where_(std::move(where)),
        max_message_(max_message),
        self_(engine_->self()),
        descriptor_(engine_->descriptor()) {}

  [[nodiscard]] bool is_own() const { return process_ == io::this_process(); }
  [[nodiscard]] Engine& engine() const { return *engine_; }

 private:
  virtual void hand(GroupListener& listener, const Arrival& arrival) const = 0;
  [[nodiscard]] Error forked() const {
    return {Errc::used_after_fork, "the call was refused", where_,
            "the group was joined by another process", "join it in the process that uses it"};
  }

  std::shared_ptr<Engine> engine_;
  const std::string where_;
  const std::size_t max_message_;
  const GroupNode self_;
  const int descriptor_;
  const int process_ = io::this_process();
  std::deque<Arrival> taken_;  ///< empty between calls, unless a listener threw
};

}  // namespace storemark
