// SPDX-License-Identifier: Apache-2.0
#include "journal/flush_share.hpp"

#include <thread>

namespace storemark {
namespace {

constexpr int patience_part = 2;  // of a flush
constexpr int memory = 8;         // flushes, more or less, that the usual time is made of

}  // namespace

void FlushShare::gather() {
  began_ = now_();
  const auto deadline = released_ + usual() / patience_part;
  while (under_way() < expected_ && began_ < deadline) {
    std::this_thread::yield();
    began_ = now_();
  }
  carried_ = arrived_.load();
}

void FlushShare::release() {
  released_ = now_();
  const auto took = released_ - began_;
  const auto before = usual();
  usual_.store((before.count() == 0 ? took : before + (took - before) / memory).count());
  expected_ = under_way();
  served_ = carried_;
}

}  // namespace storemark
