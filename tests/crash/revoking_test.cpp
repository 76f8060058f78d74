// SPDX-License-Identifier: Apache-2.0
// What revoking a permit stops: other threads that are about to write, or to say that they did.
#include <gtest/gtest.h>

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
  std::thread waiting;
  Result<void> answer;
  scene.disk.on_write = [&](std::uint64_t) {
    if (waiting.joinable()) return;
    waiting = std::thread([&] { answer = core.write_sequence(2); });
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

/// Another thread notes an event while the store is being marked clean: either the note is refused,
/// or the shutdown, which does not count it.
TEST(Revoking, loses_no_note_that_came_through) {
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
