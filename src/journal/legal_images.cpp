// SPDX-License-Identifier: Apache-2.0
// The writer goes round: W is the pair written last, M the one before, O the oldest, which is next.
// A finished run leaves one of three bases (generations of O, M, W relative to W's):
//
//   all alike         (0, 0, 0)   after a transition or a heal; O, M, W are pairs 0, 1, 2
//   one write since   (1, 1, 0)   W is pair 0
//   more              (2, 1, 0)   W is any pair
//
// and is stopped while it writes
//
//   A  O with a new record, not one slot of which arrived; or O, then M, while a heal copies W
//   B  O with a new record; or O, M, W in turn, slot by slot: a transition, or the heal of O's
//   record C  as B, but the new record was "clean" in fewer than four slots when it was stopped,
//   and the
//      heal goes on with a record that says dirty, and comes to those slots last
//   D  all alike, rewritten one by one, where the page cache cannot be bypassed; or then, from the
//      slot on that this tore, with a record that says dirty
#include "journal/legal_images.hpp"

#include <algorithm>

namespace storemark::legal {
namespace {

using Order = std::array<std::size_t, slot_count>;  // the slots of O, M, W

/// The pair after W is the oldest.
constexpr std::array<Order, 3> rotations{
    {{2, 3, 4, 5, 0, 1}, {4, 5, 0, 1, 2, 3}, {0, 1, 2, 3, 4, 5}}};

constexpr Order order_with_newest(std::size_t pair) { return rotations.at(pair); }

struct Base {
  int o;
  int m;
  std::size_t first_pair;  // W is one of these pairs
  std::size_t last_pair;
};
constexpr std::array<Base, 3> bases{{{0, 0, 2, 2}, {1, 1, 0, 0}, {2, 1, 0, 2}}};

constexpr Age age(int value) { return static_cast<Age>(value); }

/// Calls visit(order, ages of O, M, W) for each base, W's age being `newest`.
template <class Visit>
void for_each_base(int newest, Visit visit) {
  for (const Base& base : bases) {
    for (std::size_t pair = base.first_pair; pair <= base.last_pair; ++pair) {
      visit(order_with_newest(pair), age(newest + base.o), age(newest + base.m), age(newest));
    }
  }
}

// A pattern in which nobody has the newest record yet counts as well: the one slot that is wrong
// may have been healed first, with the record that then is the newest.

/// The image in the order in which the slots are written.
Image in_order(const Image& image, const Order& order) {
  Image out{};
  for (std::size_t i = 0; i < slot_count; ++i) out[i] = image.at(order[i]);
  return out;
}

unsigned differing(const Image& image, const Image& pattern) {
  unsigned count = 0;
  for (std::size_t i = 0; i < slot_count; ++i) count += image[i] == pattern[i] ? 0U : 1U;
  return count;
}

/// As differing(), where the slot at `written` may be torn as well.
unsigned differing_while_writing(const Image& image, Image pattern, std::size_t written) {
  const unsigned whole = differing(image, pattern);
  pattern.at(written) = Age::torn;
  return std::min(whole, differing(image, pattern));
}

/// O is being written as a pair: each of its slots old, fresh or torn.
unsigned pair_write(const Image& image, const Image& before, Age fresh) {
  unsigned count = 0;
  for (std::size_t i = 0; i < slot_count; ++i) {
    const bool in_flight = i < 2 && (image[i] == fresh || image[i] == Age::torn);
    count += image[i] == before[i] || in_flight ? 0U : 1U;
  }
  return count;
}

/// The slots get the fresh record one by one; `before` is how they stood.
unsigned slot_by_slot(const Image& image, const Image& before, Age fresh) {
  unsigned best = slot_count;
  Image pattern = before;
  for (std::size_t written = 0; written < slot_count; ++written) {
    best = std::min(best, differing_while_writing(image, pattern, written));
    pattern[written] = fresh;
  }
  return std::min(best, differing(image, pattern));
}

/// Family C: the first `arrived` slots hold the unfinished clean record; the heal goes on behind
/// them and comes back to them, by their numbers.
unsigned after_weak_clean(const Image& image, const Order& order, Age o, Age m, Age w,
                          std::size_t arrived) {
  Image pattern{o, o, m, m, w, w};
  Order steps{0, 1, 2, 3, 4, 5};
  std::rotate(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(arrived), steps.end());
  std::sort(steps.end() - static_cast<std::ptrdiff_t>(arrived), steps.end(),
            [&](std::size_t a, std::size_t b) { return order.at(a) < order.at(b); });
  for (std::size_t i = 0; i < arrived; ++i) pattern.at(i) = Age::one;
  unsigned best = slot_count;
  for (const std::size_t written : steps) {
    best = std::min(best, differing_while_writing(image, pattern, written));
    pattern.at(written) = Age::newest;
  }
  return best;
}

/// Family D: six alike, rewritten; or a new record that begins at the slot that this tore.
unsigned rewriting_alike(const Image& image) {
  unsigned best = slot_count;
  for (std::size_t torn = 0; torn < slot_count; ++torn) {
    best = std::min(best, differing_while_writing(image, Image{}, torn));
    Order steps{0, 1, 2, 3, 4, 5};
    const auto at = steps.begin() + static_cast<std::ptrdiff_t>(torn);
    std::rotate(steps.begin(), at, at + 1);  // the torn one first, the others by number
    Image pattern;
    pattern.fill(Age::one);
    for (const std::size_t written : steps) {
      best = std::min(best, differing_while_writing(image, pattern, written));
      pattern.at(written) = Age::newest;
    }
  }
  return best;
}

}  // namespace

bool is_settled(const Image& image) {
  bool settled = false;
  for_each_base(0, [&](const Order& order, Age o, Age m, Age w) {
    settled = settled || differing(in_order(image, order), {o, o, m, m, w, w}) == 0;
  });
  return settled;
}

unsigned distance(const Image& image) {
  unsigned best = slot_count;
  for_each_base(0, [&](const Order& order, Age o, Age m, Age w) {
    const Image seen = in_order(image, order);
    const Image before{o, o, m, m, w, w};
    best = std::min(
        {best, pair_write(seen, before, Age::newest), slot_by_slot(seen, before, Age::newest)});
  });
  for_each_base(1, [&](const Order& order, Age o, Age m, Age w) {
    const Image seen = in_order(image, order);
    const Image before{o, o, m, m, w, w};
    best = std::min(
        {best, pair_write(seen, before, Age::newest), slot_by_slot(seen, before, Age::newest)});
  });
  for_each_base(2, [&](const Order& order, Age o, Age m, Age w) {
    const Image seen = in_order(image, order);
    for (std::size_t arrived = 1; arrived < slot_count; ++arrived) {
      best = std::min(best, after_weak_clean(seen, order, o, m, w, arrived));
    }
  });
  return std::min(best, rewriting_alike(image));
}

unsigned faults_to_hide_newer(const Image& image) {
  // A transition that was acknowledged stands in five slots at least.
  unsigned best = 5;
  // Whatever a run can leave whose W was acknowledged and is newer than all that is seen.
  for (const int newer : {-1, -2}) {
    for_each_base(newer, [&](const Order& order, Age o, Age m, Age w) {
      const Image seen = in_order(image, order);
      const Image before{o, o, m, m, w, w};
      best = std::min({best, pair_write(seen, before, w), slot_by_slot(seen, before, w)});
    });
  }
  return best;
}

}  // namespace storemark::legal
