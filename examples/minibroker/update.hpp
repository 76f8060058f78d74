// SPDX-License-Identifier: Apache-2.0
// A store on its way from a donor to a joiner. The joiner says "UPDATE ticket\n"; the donor answers
// with a line, "COPY bytes\n", about how long it will be, then with chunks, each a length of four
// bytes and so many bytes; after a chunk of none come the XXH3-128 of all bytes before it, and the
// end. Whatever ends earlier, or does not fit, is no store. Numbers are in the machine's byte
// order, as LMDB's are.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <storemark/driver.hpp>

#include "queue_store.hpp"
#include "sockets.hpp"

namespace minibroker {

/// A joiner that takes nothing keeps the store's old pages alive while the broker writes new ones.
struct GivingLimits {
  std::chrono::milliseconds patience{10'000};             ///< without one byte taken
  std::uint64_t growth_bytes = std::uint64_t{256} << 20;  ///< of the store, during one copy
};

/// The donor's side: sends LMDB's own copy of the store, as of now or later, and returns when it is
/// sent. It begins when no transaction of changes is open. Throws std::exception where it is cut:
/// the joiner is gone or too slow, or it is not `wanted` any more (asked by this thread).
void send_copy(const QueueStore& store, Stream& joiner, const std::function<bool()>& wanted,
               const GivingLimits& limits = {});

/// The joiner's side: takes the donor's store into `directory`, which has none. Durable on return;
/// a crash leaves no store or the whole of it. Throws std::exception: the donor is gone or silent,
/// what came is cut short or changed, the copy was cancelled, or the system said no.
void take_copy(const std::filesystem::path& directory, const storemark::UpdateTicket& donor,
               storemark::UpdateProgress& progress);

/// Moves the store in `directory` to backup.NNNN beside it, the next number that is free, and
/// returns that. Durable on return. Throws std::exception.
std::filesystem::path move_aside(const std::filesystem::path& directory);

}  // namespace minibroker
