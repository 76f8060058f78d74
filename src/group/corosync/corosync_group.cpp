// SPDX-License-Identifier: Apache-2.0
#include <storemark/corosync_group.hpp>

#include "group/corosync/engine.hpp"
#include "group/corosync/errors.hpp"
#include "group/corosync/join.hpp"
#include "group/threaded_group.hpp"
#include "text/utf8.hpp"

namespace storemark {
namespace corosync_group {
namespace {

/// Corosync's own bound is one more.
constexpr std::size_t max_group_bytes = 127;

class CorosyncGroup : public ThreadedGroup<Engine, Arrival> {
 public:
  /// The engine is in the group already.
  CorosyncGroup(std::shared_ptr<Engine> engine, std::string group, std::size_t max_message)
      : ThreadedGroup(std::move(engine), std::move(group), max_message) {}
  ~CorosyncGroup() override {
    if (is_own()) engine().stop();
  }

 private:
  void hand(GroupListener& listener, const Arrival& arrival) const override {
    if (const auto* message = std::get_if<Deliver>(&arrival)) {
      return listener.delivered(message->from, message->message);
    }
    listener.view_changed(std::get<Install>(arrival).view);
  }
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
  if (auto in = (*engine)->wait_until_in(patience_ms); !in) {
    (*engine)->stop();
    return tl::unexpected(in.error());
  }
  const std::size_t max_message = (*engine)->max_message();
  return std::make_unique<CorosyncGroup>(std::move(*engine), options.group, max_message);
}

}  // namespace corosync_group

Result<std::unique_ptr<Group>> join_corosync_group(const CorosyncGroupOptions& options,
                                                   int patience_ms) {
  return corosync_group::join(options, corosync_group::corosync_daemon(), patience_ms);
}

}  // namespace storemark
