// SPDX-License-Identifier: Apache-2.0
#include <storemark/local_group.hpp>

#include "group/local/engine.hpp"
#include "group/local/errors.hpp"
#include "group/threaded_group.hpp"

namespace storemark {
namespace {

using local_group::Engine;
using local_group::Item;

class LocalGroup : public ThreadedGroup<Engine, Item> {
 public:
  /// The engine is in the group already.
  LocalGroup(std::shared_ptr<Engine> engine, std::string path)
      : ThreadedGroup(std::move(engine), std::move(path), local_group::max_message_bytes) {}

 private:
  void hand(GroupListener& listener, const Item& item) const override {
    if (!item.is_view()) return listener.delivered(GroupNode{item.from()}, item.rest());
    if (const auto view = local_group::decode_view(item.rest())) listener.view_changed(*view);
  }
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
  if (auto in = (*engine)->wait_until_in(patience_ms, options.stop); !in) {
    return tl::unexpected(in.error());
  }
  return std::make_unique<LocalGroup>(std::move(*engine), options.directory.string());
}

}  // namespace storemark
