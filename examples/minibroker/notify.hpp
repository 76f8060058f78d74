// SPDX-License-Identifier: Apache-2.0
// What a service manager is told (sd_notify(3)), without its library.
#pragma once

#include <storemark/driver.hpp>

namespace minibroker {

/// Where NOTIFY_SOCKET names a socket: the status as a line; that the member is ready; while it is
/// not, that starting may take ten seconds more from now. Nothing that goes wrong here matters.
void notify(const storemark::Status& status);

/// That it is going, and that the last sync may take a minute.
void notify_stopping();

}  // namespace minibroker
