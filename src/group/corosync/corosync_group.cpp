// SPDX-License-Identifier: Apache-2.0
#include <storemark/corosync_group.hpp>

#include "group/corosync/engine.hpp"
#include "group/corosync/errors.hpp"
#include "group/corosync/join.hpp"
#include "io/process.hpp"
#include "text/utf8.hpp"

namespace storemark {
namespace corosync_group {
namespace {

/// Corosync's own bound is one more.
constexpr std::size_t max_group_bytes = 127;

class CorosyncGroup : public Group {
 public:
  CorosyncGroup(std::shared_ptr<Engine> engine, std::string group)
      : engine_(std::move(engine)), group_(std::move(group)) {}
  ~CorosyncGroup() override {
    if (is_own()) {
      engine_->stop();
    } else {
      // In a child its thread does not exist, and nothing of it may be waited for or closed.
      static_cast<void>(new std::shared_ptr(std::move(engine_)));
    }
  }

  [[nodiscard]] GroupNode self() const noexcept override { return engine_->self(); }
  [[nodiscard]] std::size_t max_message() const noexcept override { return max_message_; }
  [[nodiscard]] int descriptor() const noexcept override { return engine_->descriptor(); }
  /// Waits until it is in the group.
  [[nodiscard]] Result<void> wait_until_in(int patience_ms) {
    auto in = engine_->wait_until_in(patience_ms);
    if (in) max_message_ = engine_->max_message();
    return in;
  }

  [[nodiscard]] Result<bool> multicast(std::span<const std::uint8_t> message) override {
    if (!is_own()) return tl::unexpected(forked());
    if (message.size() > max_message_) {
      return tl::unexpected(Error{Errc::message_too_long, "the message was not sent", group_,
                                  std::to_string(message.size()) + " bytes, and " +
                                      std::to_string(max_message_) + " are the most",
                                  "send it in parts"});
    }
    return engine_->multicast(message);
  }

  [[nodiscard]] Result<std::size_t> dispatch(GroupListener& listener, std::size_t limit) override {
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

  [[nodiscard]] Result<void> leave(int patience_ms) override {
    if (!is_own()) return tl::unexpected(forked());
    return engine_->leave(patience_ms);
  }

 private:
  [[nodiscard]] bool is_own() const { return process_ == io::this_process(); }
  [[nodiscard]] Error forked() const {
    return {Errc::used_after_fork, "the call was refused", group_,
            "the group was joined by another process", "join it in the process that uses it"};
  }
  static void hand(GroupListener& listener, const Arrival& arrival) {
    if (const auto* message = std::get_if<Deliver>(&arrival)) {
      return listener.delivered(message->from, message->message);
    }
    listener.view_changed(std::get<Install>(arrival).view);
  }

  std::shared_ptr<Engine> engine_;
  const std::string group_;
  const int process_ = io::this_process();
  std::size_t max_message_ = 0;
  std::deque<Arrival> taken_;  ///< empty between calls, unless a listener threw
};

Result<void> check(const CorosyncGroupOptions& options) {
  const auto wrong = [&](const char* what, const char* why) {
    return tl::unexpected(Error{Errc::invalid_argument, "the group could not be joined", what, why,
                                "see CorosyncGroupOptions"});
  };
  if (options.group.empty()) return wrong("group", "it is empty");
  if (options.group.size() > max_group_bytes) return wrong("group", "it is longer than 127 bytes");
  if (options.name.size() > max_name_bytes) return wrong("name", "it is longer than 64 bytes");
  if (!is_utf8(options.name)) return wrong("name", "it is not UTF-8");
  if (options.queue_bytes == 0) return wrong("queue_bytes", "nothing fits into it");
  if (options.patience_ms < 1) return wrong("patience_ms", "nobody could answer in it");
  return {};
}

}  // namespace

Result<std::unique_ptr<Group>> join(const CorosyncGroupOptions& options,
                                    std::unique_ptr<Daemon> daemon, int patience_ms) {
  if (auto fit = check(options); !fit) return tl::unexpected(fit.error());
  auto engine = Engine::start(options, std::move(daemon));
  if (!engine) return tl::unexpected(engine.error());
  auto out = std::make_unique<CorosyncGroup>(std::move(*engine), options.group);
  if (auto in = out->wait_until_in(patience_ms); !in) return tl::unexpected(in.error());
  return out;
}

}  // namespace corosync_group

Result<std::unique_ptr<Group>> join_corosync_group(const CorosyncGroupOptions& options,
                                                   int patience_ms) {
  return corosync_group::join(options, corosync_group::corosync_daemon(), patience_ms);
}

}  // namespace storemark
