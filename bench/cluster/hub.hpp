// SPDX-License-Identifier: Apache-2.0
// The least that a hub on one host can do: it sends every byte that comes to everyone who is
// connected, itself not among them. It keeps no order but its own, counts nothing, checks nothing,
// and survives nothing.
#pragma once

#include <memory>
#include <string>

#include "client.hpp"

namespace storemark::bench {

/// At a Unix-domain socket; says "in" when clients may come.
[[noreturn]] void be_hub(const std::string& path);
[[nodiscard]] std::shared_ptr<Client> hub_client(const std::string& path);

}  // namespace storemark::bench
