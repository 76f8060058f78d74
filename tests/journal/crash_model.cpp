// SPDX-License-Identifier: Apache-2.0
#include "journal/crash_model.hpp"

#include <algorithm>
#include <deque>

namespace storemark::test::crash {
namespace {

using legal::Age;
using Order = std::vector<std::size_t>;
constexpr int copies_for_clean = 4;
constexpr int copies_for_clean_by_tag = 2;

int newest_of(const Slots& slots) { return *std::ranges::max_element(slots); }

int newest_of_pair(const Slots& slots, std::size_t pair) {
  return std::max(slots.at(2 * pair), slots.at(2 * pair + 1));
}

/// The oldest pair first, the lower one between equals.
std::array<std::size_t, 3> oldest_first(const Slots& slots) {
  std::array<std::size_t, 3> pairs{0, 1, 2};
  std::ranges::stable_sort(pairs, {}, [&](std::size_t p) { return newest_of_pair(slots, p); });
  return pairs;
}

Order transition_order(const Slots& slots) {
  Order order;
  for (const std::size_t pair : oldest_first(slots)) {
    order.push_back(2 * pair);
    order.push_back(2 * pair + 1);
  }
  return order;
}

class Explorer {
 public:
  explicit Explorer(const Scope& scope) : scope_(scope) {}

  Runs explore() {
    run_on({}, false);
    while (!waiting_.empty()) {
      const State state = waiting_.front();
      waiting_.pop_front();
      open(state);
    }
    return runs_;
  }

 private:
  // Stopped here: whoever comes next opens what is left.
  void stop(Slots slots, bool clean, int acknowledged) {
    const int newest = newest_of(slots);
    for (int& slot : slots) slot = slot == torn ? torn : slot - newest;
    const State state{slots, clean, acknowledged - newest};
    if (runs_.stopped.insert(state).second) waiting_.push_back(state);
  }

  void begin(Slots slots, int record) {
    for (int& slot : slots) slot = slot == torn ? torn : slot - record;
    if (newest_of(slots) < 0) runs_.begun.insert(slots);
  }

  /// Writes `record` slot by slot and may be stopped anywhere. Returns what is there in the end.
  struct Write {
    Order order;
    int record = 0;
    bool clean_before = false;
    bool clean = false;
    int acknowledged = 0;
  };
  Slots write(Slots slots, const Write& w) {
    begin(slots, w.record);
    for (const std::size_t slot : w.order) {
      slots.at(slot) = torn;
      const int newest = newest_of(slots);
      if (newest != torn)
        stop(slots, newest == w.record ? w.clean : w.clean_before, w.acknowledged);
      slots.at(slot) = w.record;
      stop(slots, w.clean, w.acknowledged);
    }
    return slots;
  }

  /// One durable write of two slots: each is old, new or torn.
  void write_pair(const Slots& slots, std::size_t pair, bool clean_before) {
    for (const int first : {slots.at(2 * pair), 1, torn}) {
      for (const int second : {slots.at(2 * pair + 1), 1, torn}) {
        Slots left = slots;
        left.at(2 * pair) = first;
        left.at(2 * pair + 1) = second;
        if (newest_of(left) < 1) begin(left, 1);
        stop(left, newest_of(left) == 1 ? false : clean_before, 0);
      }
    }
  }

  /// An open journal whose newest record is acknowledged: everything that may be called now.
  void run_on(Slots slots, bool clean, bool permit = false) {
    const int newest = newest_of(slots);
    for (int& slot : slots) slot -= newest;
    stop(slots, clean, 0);
    runs_.finished.insert(slots);
    if (!seen_.insert({slots, clean, permit}).second) return;
    for (const bool to_clean : {false, true}) {
      const Slots after = write(slots, {transition_order(slots), 1, clean, to_clean, 0});
      run_on(after, to_clean);
      if (!to_clean) run_on(after, false, true);
    }
    if (!permit) return;
    const std::size_t pair = oldest_first(slots).front();
    write_pair(slots, pair, clean);
    slots.at(2 * pair) = slots.at(2 * pair + 1) = 1;
    run_on(slots, false, true);
  }

  void heal_with_new_record(const State& s) {
    run_on(write(s.slots, {heal_order(s.slots), 1, s.clean, false, s.acknowledged}), false);
  }

  /// The newest record goes to every slot that lacks it; to all, where the cache is in the way.
  void heal_with_copies(const State& s, bool all) {
    Order order = heal_order(s.slots);
    if (!all) std::erase_if(order, [&](std::size_t slot) { return s.slots.at(slot) == 0; });
    run_on(write(s.slots, {order, 0, s.clean, s.clean, s.acknowledged}), s.clean);
  }

  void open(const State& s) {
    const auto copies = std::ranges::count(s.slots, 0);
    const bool weak = s.clean && copies < copies_for_clean;
    if (weak || (s.clean && scope_.store_denies_clean)) heal_with_new_record(s);
    if (weak && copies < copies_for_clean_by_tag) return;
    heal_with_copies(s, false);
    heal_with_copies(s, true);
    // What sequence writes alone have left is as it should be.
    if (!s.clean && runs_.finished.contains(s.slots)) run_on(s.slots, false);
  }

  struct Seen {
    Slots slots;
    bool clean;
    bool permit;
    auto operator<=>(const Seen&) const = default;
  };

  Scope scope_;
  Runs runs_;
  std::deque<State> waiting_;
  std::set<Seen> seen_;
};

}  // namespace

std::vector<std::size_t> heal_order(const Slots& slots) {
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  std::ranges::stable_sort(order, {}, [&](std::size_t slot) { return slots.at(slot); });
  return order;
}

Runs all_runs(const Scope& scope) { return Explorer(scope).explore(); }

legal::Image image_of(const Slots& slots) {
  legal::Image image{};
  for (std::size_t i = 0; i < slot_count; ++i) {
    const int slot = slots.at(i);
    bool chained = true;  // to the newest seen, each record naming the one before
    for (int between = slot + 1; between < newest_of(slots); ++between) {
      chained = chained && std::ranges::count(slots, between) > 0;
    }
    if (slot == torn) {
      image.at(i) = Age::torn;
    } else {
      image.at(i) = chained && slot >= -4 ? static_cast<Age>(-slot) : Age::fault;
    }
  }
  return image;
}

}  // namespace storemark::test::crash
