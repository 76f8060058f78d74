// SPDX-License-Identifier: Apache-2.0
// The public face: what may be asked of a running member, from any thread and in any process.
#include <storemark/driver.hpp>
#include <utility>

#include "driver/check_options.hpp"
#include "driver/guarded_broker.hpp"
#include "driver/join_group.hpp"
#include "driver/loop.hpp"
#include "driver/start.hpp"
#include "io/process.hpp"

namespace storemark {
namespace driver {
namespace {

Error in_child(const char* what) {
  return {Errc::used_after_fork, what, "Driver", "another process started it",
          "start a driver in each process that needs one"};
}

Error refusal(Errc code, const char* what, const char* why, const char* todo) {
  return {code, what, "Driver", why, todo};
}

class RunningDriver final : public Driver {
 public:
  explicit RunningDriver(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
  /// A child has no thread to wait for, and must not close what its parent uses: it lets go.
  ~RunningDriver() override {
    if (is_child()) static_cast<void>(loop_.release());
  }

  Result<bool> publish(std::span<const std::uint8_t> event, std::uint64_t token) override;
  Result<void> shut_down() override;
  void leave() override {
    if (!is_child()) loop_->leave();
  }
  [[nodiscard]] Status status() const override;
  Stopped wait() override;

 private:
  [[nodiscard]] bool is_child() const noexcept { return io::this_process() != process_; }

  const int process_ = io::this_process();
  std::unique_ptr<Loop> loop_;
};

Result<bool> RunningDriver::publish(std::span<const std::uint8_t> event, std::uint64_t token) {
  if (is_child()) return tl::unexpected(in_child("the event was not published"));
  if (event.size() > loop_->max_event()) {
    return tl::unexpected(Error{
        Errc::message_too_long, "the event was not published", "Driver",
        std::to_string(event.size()) + " bytes are more than " + std::to_string(loop_->max_event()),
        "send less in one event"});
  }
  const auto answer = loop_->publish(event, token);
  if (answer == Inbox::Answer::not_active) {
    return tl::unexpected(refusal(Errc::not_active, "the event was not published",
                                  "this member is not active", "wait until it is"));
  }
  return answer == Inbox::Answer::taken;
}

Result<void> RunningDriver::shut_down() {
  if (is_child()) return tl::unexpected(in_child("the cluster was not shut down"));
  if (loop_->shut_down() == Inbox::Answer::taken) return {};
  return tl::unexpected(refusal(Errc::not_active, "the cluster was not shut down",
                                "this member is not active",
                                "wait until it is, or end each broker alone"));
}

Status RunningDriver::status() const {
  if (!is_child()) return loop_->status();
  Status out;
  out.phase = MemberPhase::stopped;
  out.text = to_string(in_child("there is no member in this process"));
  return out;
}

Stopped RunningDriver::wait() {
  if (is_child()) return {false, {}, in_child("there is no member in this process")};
  if (loop_->is_own_thread()) {
    return {false,
            {},
            refusal(Errc::wrong_state, "the member's end was not waited for",
                    "the call came from its own thread", "wait in another one")};
  }
  return loop_->wait();
}

}  // namespace

Result<std::unique_ptr<Driver>> start(const DriverOptions& options, Broker& broker,
                                      const Driver::Join& join, const Timing& timing) {
  if (auto checked = check_options(options); !checked) return tl::unexpected(checked.error());
  const auto facts = GuardedBroker(broker).look();
  if (!facts) return tl::unexpected(facts.error());
  Loop::Parts parts{options, broker, nullptr, std::nullopt, *facts, timing};
  if (options.kind == MemberKind::persistent) {
    auto journal = Journal::open(options.directory, *facts, options.journal);
    if (!journal) return tl::unexpected(journal.error());
    parts.journal.emplace(std::move(*journal));
  }
  auto group = join_group(join, broker, options, timing.beat);
  if (!group) return tl::unexpected(group.error());
  parts.group = std::move(*group);
  auto loop = Loop::start(std::move(parts));
  if (!loop) return tl::unexpected(loop.error());
  return std::make_unique<RunningDriver>(std::move(*loop));
}

}  // namespace driver

Result<std::unique_ptr<Driver>> Driver::start(const DriverOptions& options, Broker& broker,
                                              const Join& join) {
  return driver::start(options, broker, join);
}

}  // namespace storemark
