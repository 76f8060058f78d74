// SPDX-License-Identifier: Apache-2.0
#include "journal/gate.hpp"

#include <sys/mman.h>

#include <new>

#include "io/process.hpp"

namespace storemark {
namespace {
constexpr std::size_t page_bytes = 4096;
}

Gate::Gate() {
  static_assert(sizeof(detail::GateWords) <= page_bytes);
  void* page =
      ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::bad_alloc();
  // Linux 4.14; a page size above ours only makes the mapping larger.
  wiped_on_fork_ = ::madvise(page, page_bytes, MADV_WIPEONFORK) == 0;
  process_ = io::this_process();
  words_ = new (page) detail::GateWords{};
  words_->own.store(1);
}

bool Gate::in_own_process() const noexcept {
  if (words_->own.load() == 0) return false;
  return wiped_on_fork_ || process_ == io::this_process();  // some sandboxes refuse the advice
}

Gate::~Gate() { ::munmap(words_, page_bytes); }

std::uint64_t Gate::open(std::uint64_t floor, std::uint64_t ceiling) noexcept {
  for (detail::GateWords::Word& word : words_->noted) word.value.store(floor);
  words_->wanted.store(ceiling);
  words_->floor.store(floor);
  const std::uint64_t permit = next_permit();
  words_->limit.store(ceiling + 1);
  return permit;
}

std::uint64_t Gate::noted() const noexcept {
  std::uint64_t highest = 0;
  for (const detail::GateWords::Word& word : words_->noted) {
    highest = std::max(highest, word.value.load());
  }
  return highest;
}

void Gate::shut() noexcept { words_->limit.store(0); }

void Gate::advance(std::uint64_t floor, std::uint64_t ceiling) noexcept {
  words_->floor.store(floor);
  std::uint64_t seen = words_->limit.load();
  while (seen != 0 && seen < ceiling + 1 &&
         !words_->limit.compare_exchange_weak(seen, ceiling + 1)) {
  }
}

}  // namespace storemark
