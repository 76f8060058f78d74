// SPDX-License-Identifier: Apache-2.0
// Updates between hosts: TCP sockets, by "HOST:PORT" ("[HOST]:PORT" where the host has colons
// itself). What goes through them is not encrypted; the ticket says who may have it.
#pragma once

#include <string>

#include "sockets.hpp"

namespace minibroker {

/// Takes calls there. Throws std::exception.
Descriptor listen_at(const std::string& address);

/// Calls there, or, where the address begins with a slash, the Unix socket. `idle` is called about
/// ten times a second until the other end answers; resolving a name is not interrupted. Throws
/// std::exception.
Descriptor call_to(const std::string& address, const Stream::Idle& idle);

}  // namespace minibroker
