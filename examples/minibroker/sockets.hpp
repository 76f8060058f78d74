// SPDX-License-Identifier: Apache-2.0
// Unix sockets and the two descriptors that a thread can be woken by. All descriptors are closed in
// a program that this one starts. Every call throws std::system_error, unless said.
#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>

#include "descriptor.hpp"

namespace minibroker {

/// Takes calls at `path`, from this user's processes alone; in the place of the socket of a broker
/// that was killed; EADDRINUSE where a live one has it.
[[nodiscard]] Descriptor listen_at(const std::filesystem::path& path);
/// A call to `path`. The descriptor does not block where `blocking` is false.
[[nodiscard]] Descriptor call(const std::filesystem::path& path, bool blocking);
/// The next caller, not blocking; none (-1) where there is none, or no room for one.
[[nodiscard]] Descriptor accept_from(int listener);

/// Readable when SIGTERM or SIGINT came. Made before there are threads: they inherit the mask.
[[nodiscard]] Descriptor stop_signals();
/// Readable after wake(), until calm().
[[nodiscard]] Descriptor wakeable();
void wake(int descriptor) noexcept;
void calm(int descriptor) noexcept;

/// Waits until poll's `events` are there, at most so long. False: they are not.
[[nodiscard]] bool wait_for(int descriptor, short events, std::chrono::milliseconds time);

}  // namespace minibroker
