// SPDX-License-Identifier: Apache-2.0
// What revoking a permit stops: other threads that are about to write, or to say that they did.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "journal/core.hpp"
#include "journal/open.hpp"
#include "support/rig.hpp"

namespace storemark::sim {
namespace {

using enum Op;

/// A sequence write that waits while the store is being marked clean must not come after it.
TEST(Revoking, lets_no_waiting_write_through) {
  Scene scene;
  Rig rig(scene);
  ASSERT_TRUE(rig.open() && rig.run(found) && rig.run(activate) && rig.run(event));
  Core& core = CoreAccess::core(rig.journal());
  const std::uint64_t permit = core.gate().permit();
  std::thread waiting;
  Result<void> answer;
  scene.disk.on_write = [&](std::uint64_t) {
    if (waiting.joinable()) return;
    waiting = std::thread([&] { answer = core.write_sequence(permit, 2); });
    // Until it has found the gate shut, or waits for its turn.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  CleanShutdown shutdown;
  shutdown.final = FinalUuid(new_uuid());
  shutdown.sequence = 1;
  // Not through the rig: that drops the permit too, which shuts the gate by itself.
  ASSERT_TRUE(rig.journal().mark_clean(std::move(rig.permit()), shutdown));
  waiting.join();
  scene.disk.on_write = nullptr;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::permit_revoked);
  scene.oracle.clean_possible = true;
  rig.close();
  Rig again(scene);
  ASSERT_TRUE(again.open());
  EXPECT_EQ(again.journal().verdict().state, StoreState::clean);
  EXPECT_EQ(again.journal().verdict().floor, 1U);
}

/// A call that was on its way when its permit was consumed does not act under the next one.
TEST(Revoking, binds_a_call_to_its_permit) {
  Scene scene;
  Rig rig(scene);
  ASSERT_TRUE(rig.open() && rig.run(found) && rig.run(activate) && rig.run(event));
  Core& core = CoreAccess::core(rig.journal());
  const std::uint64_t before = core.gate().permit();
  ASSERT_TRUE(rig.run(clean) && rig.run(activate) && rig.run(event));
  const auto refused = [](const Result<void>& answer) {
    return !answer && answer.error().code == Errc::permit_revoked;
  };
  EXPECT_TRUE(refused(core.write_sequence(before, 3)));
  EXPECT_TRUE(refused(core.reserve(before, 3)));
  EXPECT_TRUE(refused(core.note(before, 2)));
  EXPECT_TRUE(refused(core.change_view(before, View{}, 3, false)));
  EXPECT_TRUE(refused(core.write_payload(before, {})));
}

/// Holds a thread at whatever instruction a signal meets it.
class Holder {
 public:
  Holder() {
    struct sigaction action {};
    action.sa_handler = [](int) {
      held_ = true;
      while (held_) continue;
    };
    ::sigaction(SIGUSR1, &action, nullptr);
  }
  void hold(std::thread& thread) {
    ::pthread_kill(thread.native_handle(), SIGUSR1);
    while (!held_) std::this_thread::yield();
  }
  void let_go() { held_ = false; }

 private:
  static inline std::atomic<bool> held_{false};
};

/// Another thread notes events while the store is being marked clean: either a note is refused, or
/// the shutdown that does not count it.
TEST(Revoking, loses_no_note_that_came_through) {
  Scene scene;
  Rig rig(scene);
  ASSERT_TRUE(rig.open() && rig.run(found));
  Core& core = CoreAccess::core(rig.journal());
  Holder holder;
  std::uint64_t held = 0;
  unsigned clean = 0;
  for (unsigned round = 0; round < 300; ++round) {
    auto permit = rig.journal().activate(View{ViewId(new_uuid()), {}}, held);
    ASSERT_TRUE(permit) << to_string(permit.error());
    ASSERT_TRUE(permit->reserve(held + 1'000'000'000));
    std::atomic<std::uint64_t> acknowledged{0};
    std::thread noting([&, n = held]() mutable {
      while (permit->note(++n)) acknowledged = n;
    });
    while (acknowledged == 0) std::this_thread::yield();
    holder.hold(noting);
    const std::uint64_t counted = core.gate().noted();
    const CleanShutdown shutdown{FinalUuid(new_uuid()), counted, {}, false};
    const bool marked = rig.journal().mark_clean(std::move(*permit), shutdown).has_value();
    holder.let_go();
    noting.join();
    ASSERT_FALSE(marked && acknowledged > counted)
        << acknowledged << " was noted, and is not in the clean " << counted;
    clean += marked ? 1U : 0U;
    held = std::max<std::uint64_t>(counted, core.gate().noted());
  }
  EXPECT_GT(clean, 0U);
}

}  // namespace
}  // namespace storemark::sim
