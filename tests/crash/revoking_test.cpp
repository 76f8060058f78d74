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

/// Holds threads at whatever instruction a signal meets them.
class Holder {
 public:
  Holder() {
    struct sigaction action {};
    action.sa_handler = [](int) {
      ++held_;
      while (!let_go_) continue;
      --held_;
    };
    ::sigaction(SIGUSR1, &action, nullptr);
  }
  void hold(std::vector<std::thread>& threads) {
    for (std::thread& thread : threads) ::pthread_kill(thread.native_handle(), SIGUSR1);
    while (held_ != threads.size()) std::this_thread::yield();
  }
  void let_go() {
    let_go_ = true;
    while (held_ != 0) std::this_thread::yield();
    let_go_ = false;
  }

 private:
  static inline std::atomic<unsigned> held_{0};
  static inline std::atomic<bool> let_go_{false};
};

/// Other threads note events while the store is being marked clean: either a note is refused, or
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
    // Two that contend, so that each is often between its looking and its noting.
    std::array<std::atomic<std::uint64_t>, 2> acknowledged{};
    std::vector<std::thread> noting;
    for (std::uint64_t who = 0; who < acknowledged.size(); ++who) {
      noting.emplace_back([&, who] {
        for (std::uint64_t n = held + 1 + who; permit->note(n); n += 2) acknowledged.at(who) = n;
      });
    }
    while (acknowledged[0] == 0 || acknowledged[1] == 0) std::this_thread::yield();
    holder.hold(noting);
    const std::uint64_t counted = core.gate().noted();
    const CleanShutdown shutdown{FinalUuid(new_uuid()), counted, {}, false};
    const bool marked = rig.journal().mark_clean(std::move(*permit), shutdown).has_value();
    holder.let_go();
    for (std::thread& thread : noting) thread.join();
    const std::uint64_t most = std::max(acknowledged[0].load(), acknowledged[1].load());
    ASSERT_FALSE(marked && most > counted)
        << most << " was noted, and is not in the clean " << counted;
    clean += marked ? 1U : 0U;
    held = std::max<std::uint64_t>(counted, core.gate().noted());
  }
  EXPECT_GT(clean, 0U);
}

/// The same, with a note that comes sooner or later: some come in between the shutdown's two looks.
TEST(Revoking, looks_at_the_notes_once_more) {
  Scene scene;
  Rig rig(scene);
  ASSERT_TRUE(rig.open() && rig.run(found));
  std::uint64_t held = 0;
  unsigned clean = 0;
  unsigned noted = 0;
  for (unsigned round = 0; round < 1'000; ++round) {
    auto permit = rig.journal().activate(View{ViewId(new_uuid()), {}}, held);
    ASSERT_TRUE(permit) << to_string(permit.error());
    ASSERT_TRUE(permit->reserve(held + 1));
    std::atomic<bool> ready{false};
    std::atomic<bool> go{false};
    bool came_through = false;
    // Later and later from round to round, so that some come in between two of its steps.
    std::thread noting([&, delay = round % 500] {
      ready = true;
      while (!go) continue;
      for (unsigned i = 0; i < delay; ++i) std::atomic_signal_fence(std::memory_order_seq_cst);
      came_through = permit->note(held + 1).has_value();
    });
    const CleanShutdown shutdown{FinalUuid(new_uuid()), held, {}, false};
    while (!ready) std::this_thread::yield();
    go = true;
    const bool marked = rig.journal().mark_clean(std::move(*permit), shutdown).has_value();
    noting.join();
    ASSERT_FALSE(marked && came_through) << "event " << held + 1 << " was noted, and is lost";
    clean += marked ? 1U : 0U;
    noted += came_through ? 1U : 0U;
    held += came_through ? 1U : 0U;
  }
  std::printf("%u marked clean, %u noted\n", clean, noted);
}

}  // namespace
}  // namespace storemark::sim
