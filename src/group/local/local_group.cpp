// SPDX-License-Identifier: Apache-2.0
#include <storemark/local_group.hpp>

#include "group/local/engine.hpp"
#include "group/local/errors.hpp"
#include "io/process.hpp"

namespace storemark {
namespace {

using local_group::Engine;
using local_group::Item;

class LocalGroup : public Group {
 public:
  LocalGroup(std::unique_ptr<Engine> engine, std::string path)
      : engine_(std::move(engine)),
        path_(std::move(path)),
        self_(engine_->self()),
        descriptor_(engine_->descriptor()) {}
  ~LocalGroup() override {
    // In a child its thread does not exist, and nothing of it may be waited for or closed.
    if (!is_own()) static_cast<void>(engine_.release());
  }

  [[nodiscard]] GroupNode self() const noexcept override { return self_; }
  [[nodiscard]] std::size_t max_message() const noexcept override {
    return local_group::max_message_bytes;
  }
  [[nodiscard]] int descriptor() const noexcept override { return descriptor_; }

  [[nodiscard]] Result<bool> multicast(std::span<const std::uint8_t> message) override {
    if (!is_own()) return tl::unexpected(forked());
    if (message.size() > local_group::max_message_bytes) {
      return tl::unexpected(Error{Errc::message_too_long, "the message was not sent", path_,
                                  std::to_string(message.size()) + " bytes, and " +
                                      std::to_string(local_group::max_message_bytes) +
                                      " are the most",
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
      const Item item = std::move(taken_.front());
      taken_.pop_front();
      hand(listener, item);
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
    return {Errc::used_after_fork, "the call was refused", path_,
            "the group was joined by another process", "join it in the process that uses it"};
  }
  static void hand(GroupListener& listener, const Item& item) {
    if (!item.is_view()) return listener.delivered(GroupNode{item.from()}, item.rest());
    if (const auto view = local_group::decode_view(item.rest())) listener.view_changed(*view);
  }

  std::unique_ptr<Engine> engine_;
  const std::string path_;
  const GroupNode self_;
  const int descriptor_;
  const int process_ = io::this_process();
  std::deque<Item> taken_;  ///< empty between calls, unless a listener threw
};

Result<void> check(const LocalGroupOptions& options) {
  const auto wrong = [&](const char* what, const char* why) {
    return tl::unexpected(Error{Errc::invalid_argument, "the group could not be joined", what, why,
                                "see LocalGroupOptions"});
  };
  if (options.directory.empty()) return wrong("directory", "it is empty");
  if (options.name.size() > local_group::max_name_bytes) {
    return wrong("name", "it is longer than 64 bytes");
  }
  if (options.queue_bytes == 0) return wrong("queue_bytes", "nothing fits into it");
  return {};
}

}  // namespace

Result<std::unique_ptr<Group>> join_local_group(const LocalGroupOptions& options, int patience_ms) {
  if (auto fit = check(options); !fit) return tl::unexpected(fit.error());
  auto place = local_group::Place::open(options.directory);
  if (!place) return tl::unexpected(place.error());
  auto engine = Engine::start(options, std::move(*place));
  if (!engine) return tl::unexpected(engine.error());
  if (auto in = (*engine)->wait_until_in(patience_ms); !in) return tl::unexpected(in.error());
  return std::make_unique<LocalGroup>(std::move(*engine), options.directory.string());
}

}  // namespace storemark
