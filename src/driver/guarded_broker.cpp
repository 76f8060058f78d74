// SPDX-License-Identifier: Apache-2.0
#include "driver/guarded_broker.hpp"

#include <exception>
#include <utility>

namespace storemark::driver {
namespace {

Error thrown(const char* name, const char* what) {
  return {Errc::broker_failed, "a call on the broker threw an exception",
          std::string("Broker::") + name, what, "return an error instead"};
}

/// The call's result; an exception is one too.
template <class Call>
auto contained(const char* name, Call call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& error) {
    return tl::unexpected(thrown(name, error.what()));
  } catch (...) {
    return tl::unexpected(thrown(name, "no std::exception"));
  }
}

}  // namespace

template <class Call>
void GuardedBroker::note_failure(const char* name, Call call) {
  const auto done = contained(name, [&]() -> Result<void> {
    call();
    return {};
  });
  if (!done && !failure_) failure_ = done.error();
}

std::optional<Error> GuardedBroker::take_failure() { return std::exchange(failure_, std::nullopt); }

Result<StoreFacts> GuardedBroker::look() {
  return contained("look", [&] { return broker_.look(); });
}
Result<void> GuardedBroker::restore(UpdateProgress& progress) {
  return contained("restore", [&] { return broker_.restore(progress); });
}
Result<void> GuardedBroker::discard() {
  return contained("discard", [&] { return broker_.discard(); });
}
Result<std::uint64_t> GuardedBroker::take_update(const UpdateTicket& donor,
                                                 UpdateProgress& progress) {
  return contained("take_update", [&] { return broker_.take_update(donor, progress); });
}
Result<void> GuardedBroker::give_update(const UpdateTicket& joiner) {
  return contained("give_update", [&] { return broker_.give_update(joiner); });
}
void GuardedBroker::end_giving(const Uuid& ticket) {
  note_failure("end_giving", [&] { broker_.end_giving(ticket); });
}
Result<void> GuardedBroker::activated(std::uint64_t sequence) {
  return contained("activated", [&] { return broker_.activated(sequence); });
}
Result<void> GuardedBroker::apply(std::uint64_t n, std::span<const std::uint8_t> event) {
  return contained("apply", [&] { return broker_.apply(n, event); });
}
Result<void> GuardedBroker::sync() {
  return contained("sync", [&] { return broker_.sync(); });
}

// Without a tag the clean mark stands on its slots alone.
std::optional<StoreTag> GuardedBroker::tag() {
  std::optional<StoreTag> out;
  note_failure("tag", [&] { out = broker_.tag(); });
  return out;
}
void GuardedBroker::confirmed(std::uint64_t token, std::uint64_t n) {
  note_failure("confirmed", [&] { broker_.confirmed(token, n); });
}
void GuardedBroker::dropped(std::uint64_t token) {
  note_failure("dropped", [&] { broker_.dropped(token); });
}
void GuardedBroker::room() {
  note_failure("room", [&] { broker_.room(); });
}
void GuardedBroker::stepped_down() {
  note_failure("stepped_down", [&] { broker_.stepped_down(); });
}
void GuardedBroker::status(const Status& status) {
  note_failure("status", [&] { broker_.status(status); });
}
void GuardedBroker::stopped(const Stopped& how) {
  note_failure("stopped", [&] { broker_.stopped(how); });
}

}  // namespace storemark::driver
